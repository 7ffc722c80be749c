"""Keeping a vendor's SOC report, what we read in it, and writing it into the scope."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file
from reperform.program.actions.rows import difference, lock, refuse_stale
from reperform.program.actions.scope import change_scope
from reperform.program.actions.vendor_rows import (
    Brought,
    found_vendor,
    keep,
    refuse_unknown_controls,
    refused,
    save,
)
from reperform.program.models import KeptFile, ScopeVersion, SocReport, Vendor
from reperform.program.queries import current_scope
from reperform.program.queries.vendors import report_fields
from reperform.program.vendors.reports import ReportFields, report_content
from reperform.program.vendors.scope_match import with_report


@transaction.atomic
def take_report(
    *,
    organization: Organization,
    number: int,
    fields: ReportFields,
    file: Brought | None,
    bridge: Brought | None = None,
    by: str,
    at: datetime,
) -> SocReport:
    """Take in a SOC report of a vendor.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        fields: what the report says.
        file: the report itself; None when it is kept elsewhere, which its checks then say.
        bridge: a bridge letter.
        by: who takes it in.
        at: when.

    Raises:
        UploadRefusedError: a file is none that serves as proof.
        VendorRefusedError: it names a control that does not exist.
    """
    lock(organization)
    vendor = found_vendor(organization, number)
    row = SocReport(
        vendor=vendor,
        number=1 + (vendor.reports.aggregate(latest=Max("number"))["latest"] or 0),
        version=0,
    )
    files = _files(row, organization, file, bridge, by=by, at=at)
    _write(row, fields, by=by, at=at)
    save(vendor, by=by, at=at)
    record(
        log=organization.log,
        act="vendor.report_taken",
        by=by,
        at=at,
        subject=f"vendor {number}",
        after={"report": row.number, **report_content(fields), **files},
    )
    return row


@transaction.atomic
def change_report(
    *,
    organization: Organization,
    number: int,
    report: int,
    fields: ReportFields,
    seen: int,
    file: Brought | None = None,
    bridge: Brought | None = None,
    by: str,
    at: datetime,
) -> SocReport:
    """Change what we read in a report, or bring its file or bridge letter; the old file stays.

    Args:
        organization: whose vendor it is.
        number: of the vendor, which exists.
        report: its number within the vendor, which exists.
        fields: everything anew.
        seen: the version of the report that is changed.
        file: the report itself, anew; None for what is kept.
        bridge: a bridge letter; None for what is kept.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        UploadRefusedError: a file is none that serves as proof.
        VendorRefusedError: it names a control that does not exist.
    """
    lock(organization)
    vendor = found_vendor(organization, number)
    row = SocReport.objects.get(vendor=vendor, number=report)
    refuse_stale(row, f"report {report} of vendor {number}", seen=seen)
    old = report_fields(row)
    if old == fields and file is None and bridge is None:
        return row
    files = _files(row, organization, file, bridge, by=by, at=at)
    _write(row, fields, by=by, at=at)
    _follow(vendor, by=by, at=at)
    before, after = difference(report_content(old), report_content(fields))
    record(
        log=organization.log,
        act="vendor.report_read",
        by=by,
        at=at,
        subject=f"vendor {number}",
        before={"report": report, **before},
        after={**after, **files},
    )
    return row


def _files(
    row: SocReport,
    organization: Organization,
    file: Brought | None,
    bridge: Brought | None,
    *,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    said = {}
    for name, brought in (("file", file), ("bridge_file", bridge)):
        if brought is not None:
            kept: KeptFile = keep(organization, [brought], by=by, at=at)[0]
            setattr(row, name, kept)
            said[name] = describe_file(kept)
    return said


def _write(row: SocReport, fields: ReportFields, *, by: str, at: datetime) -> None:
    organization = row.vendor.organization
    for where, codes in _named(fields):
        refuse_unknown_controls(organization, codes, where)
    for name, value in report_content(fields).items():
        setattr(row, name, value)
    for name in ("first", "last", "issued_on", "bridge_last", "bridge_on"):
        setattr(row, name, getattr(fields, name))
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def _named(fields: ReportFields) -> Iterator[tuple[str, set[str]]]:
    yield "cuecs", {code for each in fields.cuecs for code in each.controls}
    yield "exceptions", {code for each in fields.exceptions for code in each.compensating}


def _follow(vendor: Vendor, *, by: str, at: datetime) -> None:
    """Let the vendor's own row say which day its reports cover now, where that changed."""
    latest = SocReport.objects.filter(vendor=vendor).aggregate(last=Max("last"))["last"]
    if latest != vendor.report_last:
        save(vendor, by=by, at=at)


@transaction.atomic
def write_report_into_scope(
    *,
    organization: Organization,
    number: int,
    report: int,
    seen: int,
    library: str,
    by: str,
    at: datetime,
) -> ScopeVersion:
    """Decide the scope anew with this report at its subservice organization, and nothing else.

    Args:
        organization: whose scope it is.
        number: of the vendor, which exists.
        report: its number within the vendor, which exists.
        seen: number of the version of the scope that is changed.
        library: digest of the library that it is decided with.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody decided the scope in the meantime.
        VendorRefusedError: the scope has no subservice organization of the vendor's name.
    """
    lock(organization)
    vendor = found_vendor(organization, number)
    row = SocReport.objects.get(vendor=vendor, number=report)
    scope = with_report(current_scope(organization).document, vendor.name, report_fields(row))
    if scope is None:
        what = f"the scope has no subservice organization {vendor.name}"
        raise refused("scope", what, "add it to the scope, or correct one of the two names")
    return change_scope(
        organization=organization, scope=scope, seen=seen, library=library, by=by, at=at
    )
