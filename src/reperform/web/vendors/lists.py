"""Lists of vendors that come in, with a dry run, and that go out."""

from django.http import Http404, HttpResponse

from reperform.program.actions.vendor_lists import PURPOSE, import_vendors
from reperform.program.queries.vendor_lists import listed_vendors, vendor_import_plan
from reperform.program.vendors.importing import COLUMNS, VendorImport
from reperform.report.vendor_files import VENDOR_FILES, vendor_file
from reperform.web.importing import ImportPages, Kept
from reperform.web.page import PageRequest, Visitor, page


def _plan(visitor: Visitor, kept: Kept) -> VendorImport:
    return vendor_import_plan(visitor.organization, kept.grid())


def _carry_out(visitor: Visitor, kept: Kept) -> str:
    plan = import_vendors(
        organization=visitor.organization,
        member=visitor.membership,
        file_name=kept.file_name,
        content=kept.content,
        expected=kept.expected,
        by=visitor.name,
        at=visitor.at,
    )
    return f"{kept.file_name} is imported: {plan.made} entered, {plan.changed} changed."


import_pages = ImportPages(
    name="vendors_import",
    back="vendors",
    label="Vendors",
    permission="vendors.edit",
    purpose=PURPOSE,
    ask="web/vendors/import.html",
    check="web/vendors/import_check.html",
    plan=_plan,
    carry_out=_carry_out,
    context=lambda _: {"columns": COLUMNS.values()},
)


@page("vendors.view")
def output(request: PageRequest, kind: str) -> HttpResponse:
    """Send the whole register as a file."""
    if kind not in VENDOR_FILES:
        raise Http404
    organization, at = request.visitor.organization, request.visitor.at
    made = vendor_file(
        kind,
        listed_vendors(organization),
        organization=organization.name,
        at=at,
        is_example=organization.is_example,
    )
    called = f"{organization.slug}-{at:%Y-%m-%d}-vendors.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=VENDOR_FILES[kind], headers=headers)
