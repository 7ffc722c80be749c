"""The register of vendors as a file of rows; reviews and SOC reports are records, in no file."""

from typing import Any

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.actions.code import Given, Register
from reperform.program.actions.vendors import change_vendor, end_vendor, make_vendor
from reperform.program.code import Content, Item, Kind, Standing, said
from reperform.program.code.plan import Change
from reperform.program.models import Vendor
from reperform.program.queries.vendors import end_fields, vendor_fields
from reperform.program.vendors import (
    SLUG,
    EndFields,
    VendorFields,
    end_content,
    read_end,
    read_vendor,
    vendor_content,
)
from reperform.program.vendors.policy import vendor_policy

_ENDING = tuple(EndFields.__dataclass_fields__)
KIND = Kind(
    name="vendors",
    path="vendors.yaml",
    key="number",
    fields=(*VendorFields.__dataclass_fields__, *_ENDING),
    title="the register of vendors",
    about="""\
The register of vendors.  What is left out is not decided, which is neither yes nor no.

number: a vendor is known by it; a new one gets a number that was never used
owner: e-mail address of a member
criticality: critical, high, medium or low; it decides how often the vendor is reviewed
is_subservice: its controls are needed for the criteria to be met; the scope decides for the report
ended_on: its last day, with end_reason; an end cannot be taken back
data_end: returned, deleted, "returned, deleted" or held none, with the day data_end_on""",
)


def _standing(organization: Organization) -> dict[str, Standing]:
    owners = Membership.objects.filter(organization=organization)
    emails = dict(owners.values_list("pk", "user__email"))
    rows = Vendor.objects.filter(organization=organization)
    return {
        str(row.number): Standing(
            _content(vendor_fields(row), end_fields(row), emails.get(row.owner_id or 0)),
            row.version,
            row.changed_by,
        )
        for row in rows
    }


def _content(fields: VendorFields, end: EndFields | None, owner: str | None) -> dict[str, Any]:
    ended = end_content(end) if end else dict.fromkeys(_ENDING)
    return vendor_content(fields) | {"owner": owner} | ended


def _fields(given: Given, content: Content) -> tuple[VendorFields, EndFields | None, list[Problem]]:
    owner = given.members.get(str(content.get("owner") or "").strip().lower())
    vendor = {name: value for name, value in content.items() if name not in _ENDING}
    fields, problems = read_vendor(
        vendor | {"owner": owner.pk if owner else None}, classes=vendor_policy().names
    )
    ending = said({name: content.get(name) for name in _ENDING})
    if not ending:
        return fields, None, problems
    end, wrong = read_end(ending, today=given.today)
    return fields, end, [*problems, *wrong]


def _read(given: Given, item: Item) -> tuple[Content, list[Problem]]:
    fields, end, problems = _fields(given, item.content)
    owner = given.member(item, "owner", problems, slug=SLUG)
    reader = Reader(item.content, SLUG, problems)
    if not item.key.isdecimal() or item.key.startswith("0") or len(item.key) > 9:  # noqa: PLR2004 - digits
        reader.problem("number", "is not a number that a vendor can have", "write 1, 2, and so on")
    before = given.standing(item)
    if before and before.content["ended_on"] and end is None:
        todo = f"write {before.content['ended_on']}, or enter it anew under another name"
        reader.problem("ended_on", "is empty, and an end cannot be taken back", todo)
    if end and fields.started_on and end.ended_on < fields.started_on:
        reader.problem("ended_on", f"is before its start, {fields.started_on}", "correct one")
    return _content(fields, end, owner.user.email if owner else None), problems


def _apply(given: Given, change: Change) -> None:
    fields, end, _ = _fields(given, change.after)
    number = int(change.item.key)
    if change.before is None:
        row = make_vendor(
            organization=given.organization,
            fields=fields,
            number=number,
            by=given.by,
            at=given.at,
        )
    else:
        row = change_vendor(
            organization=given.organization,
            number=number,
            fields=fields,
            seen=change.before.version,
            by=given.by,
            at=given.at,
        )
    if end:
        end_vendor(
            organization=given.organization,
            number=number,
            fields=end,
            seen=row.version,
            by=given.by,
            at=given.at,
        )


REGISTER = Register(KIND, _standing, _read, _apply)
