"""The example's vendors: entered, their reports read, reviewed, and two that ended otherwise."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.cli.example.act import Act
from reperform.cli.example.controls import member
from reperform.cli.example.folder import moment, read_yaml
from reperform.program.actions.vendor_reports import change_report, take_report
from reperform.program.actions.vendor_reviews import review_vendor, settle_condition
from reperform.program.actions.vendor_rows import Brought
from reperform.program.actions.vendors import end_vendor, make_vendor
from reperform.program.models import SocReport, Vendor
from reperform.program.queries.vendors import report_fields
from reperform.program.vendors import VendorFields, read_end, read_vendor
from reperform.program.vendors.policy import vendor_policy
from reperform.program.vendors.reports import ReportFields, read_report, report_content
from reperform.program.vendors.reviews import read_review, read_settling

Told = Mapping[str, Any]
_SAME = ("cuecs", "expected")
_Do = Callable[[Organization, Told, datetime, str], None]


def acts(folder: Path) -> Iterator[Act]:
    """Yield what was done with vendors."""
    for told in read_yaml(folder, "vendors.yaml")["vendors"]:
        name = told["name"]
        yield _act(told, _enter)
        for number, report in enumerate(told.get("reports", ()), start=1):
            same = _only(told["reports"][0], _SAME) if report.get("as_the_first") else {}
            yield _act({**report, **same}, partial(_take, name))
            if bridge := report.get("bridge"):
                yield _act({**bridge, "number": number}, partial(_bridge, name))
        for review in told.get("reviews", ()):
            yield _act(review, partial(_review, name))
            for settled in review.get("settled", ()):
                yield _act(settled, partial(_settle, name))
        for ended in told.get("ended", ()):
            yield _act(ended, partial(_end, name))


def _act(told: Told, do: _Do) -> Act:
    at = moment(told["at"])
    return Act(at, lambda organization: do(organization, told, at, told["by"]))


def _only(told: Told, names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name in names}


def _sound(problems: list[Problem]) -> None:
    assert not problems, problems  # noqa: S101 - our own file; a test reads all of it


def _found(organization: Organization, name: str) -> Vendor:
    return Vendor.objects.get(organization=organization, name=name)


def _file(told: Told, name: str, title: str) -> Brought:
    text = (
        f"An invented example.\n\n{name}\n{title}\n\nA real one is what the vendor handed over.\n"
    )
    return Brought(told.get("file") or told["proof"], text.encode())


def _proofs(told: Told, name: str, title: str) -> list[Brought]:
    return [_file(told, name, title)] if "proof" in told else []


def _enter(organization: Organization, told: Told, at: datetime, by: str) -> None:
    said = _only(told, VendorFields.__dataclass_fields__)
    said["owner"] = member(organization, told["owner"]).pk
    fields, problems = read_vendor(said, classes=vendor_policy().names)
    _sound(problems)
    make_vendor(organization=organization, fields=fields, by=by, at=at)


def _take(name: str, organization: Organization, told: Told, at: datetime, by: str) -> None:
    said = _only(told, ReportFields.__dataclass_fields__)
    fields, problems = read_report(said, today=at.date())
    _sound(problems)
    take_report(
        organization=organization,
        number=_found(organization, name).number,
        fields=fields,
        file=_file(told, name, f"{fields.title}, {fields.first} to {fields.last}"),
        by=by,
        at=at,
    )


def _bridge(name: str, organization: Organization, told: Told, at: datetime, by: str) -> None:
    vendor = _found(organization, name)
    row = SocReport.objects.get(vendor=vendor, number=told["number"])
    days = {each: told[each] for each in ("bridge_last", "bridge_on")}
    fields, problems = read_report(report_content(report_fields(row)) | days, today=at.date())
    _sound(problems)
    change_report(
        organization=organization,
        number=vendor.number,
        report=row.number,
        fields=fields,
        seen=row.version,
        bridge=_file(told, name, f"Bridge letter to {fields.bridge_last}"),
        by=by,
        at=at,
    )


def _review(name: str, organization: Organization, told: Told, at: datetime, by: str) -> None:
    vendor = _found(organization, name)
    left_out = ("at", "by", "settled", "proof")
    said = {field: value for field, value in told.items() if field not in left_out}
    fields, problems = read_review(said, today=at.date())
    _sound(problems)
    review_vendor(
        organization=organization,
        number=vendor.number,
        fields=fields,
        seen=vendor.version,
        reviewer=member(organization, by),
        proofs=_proofs(told, name, "What was looked at"),
        by=by,
        at=at,
    )


def _settle(name: str, organization: Organization, told: Told, at: datetime, by: str) -> None:
    vendor = _found(organization, name)
    fields, problems = read_settling(
        {each: told[each] for each in ("state", "settled_on", "reason")}, today=at.date()
    )
    _sound(problems)
    settle_condition(
        organization=organization,
        number=vendor.number,
        condition=told["number"],
        fields=fields,
        seen=vendor.conditions.get(number=told["number"]).version,
        by=by,
        at=at,
    )


def _end(name: str, organization: Organization, told: Told, at: datetime, by: str) -> None:
    vendor = _found(organization, name)
    said = {field: value for field, value in told.items() if field not in ("at", "by", "proof")}
    fields, problems = read_end(said, today=at.date())
    _sound(problems)
    end_vendor(
        organization=organization,
        number=vendor.number,
        fields=fields,
        seen=vendor.version,
        proofs=_proofs(told, name, "Our data is deleted"),
        by=by,
        at=at,
    )
