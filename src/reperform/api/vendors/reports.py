"""SOC reports of vendors, for programs: taken in, read, checked, and written into the scope."""

from ninja import File, Form, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import Refused
from reperform.api.vendors.router import (
    brought,
    found,
    found_report,
    read_content,
    refuse,
    vendors,
)
from reperform.api.vendors.shapes import (
    VendorChangeIn,
    VendorReportOut,
    VendorReportWholeOut,
    VendorSeenIn,
)
from reperform.catalog.installed import catalog
from reperform.program.actions.vendor_reports import (
    change_report,
    take_report,
    write_report_into_scope,
)
from reperform.program.models import SocReport
from reperform.program.queries.vendor_reports import report_checks
from reperform.program.queries.vendors import report_fields, reports_of
from reperform.program.vendors.reports import read_report


@vendors.get("/{int:number}/reports", response=list[VendorReportOut], auth=takes("vendors.view"))
def list_reports(request: ApiRequest, number: int) -> list[VendorReportOut]:
    """List the SOC reports of a vendor, that with the latest day first."""
    return [VendorReportOut.of(each) for each in reports_of(found(request, number))]


@vendors.post(
    "/{int:number}/reports",
    response={201: VendorReportWholeOut, 422: Refused},
    auth=takes("vendors.edit"),
)
def take(
    request: ApiRequest,
    number: int,
    content: Form[str],
    file: File[UploadedFile | None] = None,
) -> Status[VendorReportWholeOut]:
    """Take in a SOC report; `content` is a JSON object with what it says, see `VendorReportOut`.

    Rows: `exceptions` have control, deviation, response, is_relevant, reason and compensating;
    `cuecs` text, reference, controls and not_applicable; `expected` text, is_evidenced and where.
    """
    found(request, number)
    fields, problems = read_report(read_content(content), today=request.auth.at.date())
    refuse(problems)
    made = take_report(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        file=brought(file),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _whole(request, number, made.number))


@vendors.get(
    "/{int:number}/reports/{int:report}", response=VendorReportWholeOut, auth=takes("vendors.view")
)
def read(request: ApiRequest, number: int, report: int) -> VendorReportWholeOut:
    """Return one SOC report with its checks."""
    return _whole(request, number, report)


@vendors.put(
    "/{int:number}/reports/{int:report}",
    response={200: VendorReportWholeOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def change(
    request: ApiRequest, number: int, report: int, body: VendorChangeIn
) -> VendorReportWholeOut:
    """Change what was read in a report; `content` is the whole of it anew."""
    found_report(request, number, report)
    fields, problems = read_report(body.content, today=request.auth.at.date())
    refuse(problems)
    change_report(
        organization=request.auth.organization,
        number=number,
        report=report,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, number, report)


@vendors.post(
    "/{int:number}/reports/{int:report}/file",
    response={200: VendorReportWholeOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def bring_file(
    request: ApiRequest, number: int, report: int, seen: Form[int], file: File[UploadedFile]
) -> VendorReportWholeOut:
    """Bring the report itself; the file that was kept before stays kept."""
    row = found_report(request, number, report)
    return _bring(request, row, seen, file=file)


@vendors.post(
    "/{int:number}/reports/{int:report}/bridge-letter",
    response={200: VendorReportWholeOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def bring_bridge_letter(
    request: ApiRequest, number: int, report: int, seen: Form[int], file: File[UploadedFile]
) -> VendorReportWholeOut:
    """Bring a bridge letter; its days are fields of the report."""
    row = found_report(request, number, report)
    return _bring(request, row, seen, bridge=file)


@vendors.post(
    "/{int:number}/reports/{int:report}/scope",
    response={200: VendorReportWholeOut, 409: Refused, 422: Refused},
    auth=takes("scope.edit"),
)
def write_into_scope(
    request: ApiRequest, number: int, report: int, body: VendorSeenIn
) -> VendorReportWholeOut:
    """Decide the scope anew with this report at its subservice organization, and nothing else.

    `seen` is the version of the scope that it changes.
    """
    found_report(request, number, report)
    write_report_into_scope(
        organization=request.auth.organization,
        number=number,
        report=report,
        seen=body.seen,
        library=catalog().digest,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, number, report)


def _bring(
    request: ApiRequest,
    row: SocReport,
    seen: int,
    *,
    file: UploadedFile | None = None,
    bridge: UploadedFile | None = None,
) -> VendorReportWholeOut:
    change_report(
        organization=request.auth.organization,
        number=row.vendor.number,
        report=row.number,
        fields=report_fields(row),
        seen=seen,
        file=brought(file),
        bridge=brought(bridge),
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, row.vendor.number, row.number)


def _whole(request: ApiRequest, number: int, report: int) -> VendorReportWholeOut:
    vendor = found(request, number)
    row = found_report(request, number, report)
    return VendorReportWholeOut.whole(row, report_checks(vendor, row))
