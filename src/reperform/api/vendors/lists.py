"""Lists of vendors that come in and go out, for programs."""

from django.http import Http404, HttpResponse
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused, attachment
from reperform.api.vendors.router import vendors
from reperform.api.vendors.shapes import VendorImportRowOut
from reperform.base.grid import LARGEST_FILE, read_grid
from reperform.base.visible import file_name
from reperform.program.actions.vendor_lists import import_vendors
from reperform.program.queries.vendor_lists import listed_vendors, vendor_import_plan
from reperform.program.vendors.importing import VendorImport
from reperform.report.vendor_files import VENDOR_FILES, vendor_file


class VendorsDryRunOut(Schema):
    """What a file would do; send `fingerprint` as `expected` to import it.

    With a problem nothing is imported.
    """

    fingerprint: str
    warnings: list[str]
    rows: list[VendorImportRowOut]
    problems: list[ProblemOut]
    made: int
    changed: int

    @staticmethod
    def of(plan: VendorImport) -> "VendorsDryRunOut":
        """Return a plan as an answer."""
        return VendorsDryRunOut(
            fingerprint=plan.fingerprint,
            warnings=list(plan.grid.warnings),
            rows=[VendorImportRowOut(row=e.row, name=e.name, does=e.does) for e in plan.rows],
            problems=[ProblemOut.of(each) for each in plan.every_problem],
            made=plan.made,
            changed=plan.changed,
        )


@vendors.get("/files/{str:name}", auth=takes("vendors.view"))
def read_file(request: ApiRequest, name: str) -> HttpResponse:
    """Return the whole register as a file: vendors.csv or vendors.xlsx.  It can come in again."""
    kind = name.removeprefix("vendors.")
    if name == kind or kind not in VENDOR_FILES:
        raise Http404
    organization = request.auth.organization
    made = vendor_file(
        kind,
        listed_vendors(organization),
        organization=organization.name,
        at=request.auth.at,
        is_example=organization.is_example,
    )
    return attachment(made, VENDOR_FILES[kind], name)


@vendors.post(
    "/imports/dry-run", response={200: VendorsDryRunOut, 422: Refused}, auth=takes("vendors.edit")
)
def dry_run(request: ApiRequest, file: File[UploadedFile]) -> VendorsDryRunOut:
    """Say what a CSV or XLSX file would do; nothing is kept.

    Its first row names the columns as an exported file does; a vendor is known by its name.
    """
    grid = read_grid(file.read(LARGEST_FILE + 1), name=file_name(file.name))
    return VendorsDryRunOut.of(vendor_import_plan(request.auth.organization, grid))


@vendors.post(
    "/imports", response={200: VendorsDryRunOut, 422: Refused}, auth=takes("vendors.edit")
)
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str]
) -> VendorsDryRunOut:
    """Import a file: all of it as its dry run showed, or nothing."""
    plan = import_vendors(
        organization=request.auth.organization,
        member=request.auth.membership,
        file_name=file_name(file.name),
        content=file.read(LARGEST_FILE + 1),
        expected=expected,
        by=request.auth.name,
        at=request.auth.at,
    )
    return VendorsDryRunOut.of(plan)
