"""The register beside the scope: where they differ, what DC 7 says, and the ways to fix it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.catalog.installed import catalog
from reperform.program.actions.vendor_reports import write_report_into_scope
from reperform.program.queries import current_description, current_scope
from reperform.program.queries.vendor_lists import compared_with_scope
from reperform.program.queries.vendors import report_fields
from reperform.program.scope.document import scope_content
from reperform.program.vendors.report_checks import in_scope
from reperform.program.vendors.scope_match import as_supplied
from reperform.web.asked import seen_version
from reperform.web.page import PageRequest, page
from reperform.web.vendors.found import found_report

_OF_DC_7 = "dc7."


@page("vendors.view")
def comparison(request: PageRequest) -> HttpResponse:
    """Show what the description says of subservice organizations, and what the register says."""
    visitor = request.visitor
    description = current_description(visitor.organization)
    scope = description.scope
    differ, agreed = compared_with_scope(visitor.organization, scope.document)
    texts = description.texts if visitor.may("description.view") else {}
    return render(
        request,
        "web/vendors/scope.html",
        {
            "scope": scope,
            "differences": differ,
            "agreed": agreed,
            "texts": [(name, text) for name, text in texts.items() if name.startswith(_OF_DC_7)],
        },
    )


@page("vendors.view", post="scope.edit")
def write_report(request: PageRequest, number: int, report: int) -> HttpResponse:
    """Show what a report would change in the scope; make the scope's new version."""
    visitor = request.visitor
    vendor, row = found_report(request, number, report)
    scope = current_scope(visitor.organization)
    supplier = in_scope(scope.document, vendor.name)
    context = {
        "vendor": vendor,
        "report": row,
        "scope": scope,
        "supplier": supplier,
        "new": as_supplied(report_fields(row)),
        "is_there": supplier is not None and supplier.report == as_supplied(report_fields(row)),
        "seen": scope.number,
    }
    if request.method != "POST":
        return render(request, "web/vendors/into_scope.html", context)
    try:
        made = write_report_into_scope(
            organization=visitor.organization,
            number=number,
            report=report,
            seen=seen_version(request),
            library=catalog().digest,
            by=visitor.name,
            at=visitor.at,
        )
    except StaleVersionError as stale:
        context |= {"stale": stale, "theirs": _report_lines(scope_content(scope.document))}
        return render(request, "web/vendors/into_scope.html", context, status=409)
    except RefusalError as refusal:
        context |= {"refusal": refusal}
        return render(request, "web/vendors/into_scope.html", context, status=422)
    messages.success(request, f"The scope's version {made.number} names this report.")
    return redirect(
        "vendor_report", organization=visitor.organization.slug, number=number, report=report
    )


def _report_lines(content: dict[str, list[dict[str, object]]]) -> list[tuple[str, str]]:
    return [
        (str(each["name"]), str(each["report"] or "no report")) for each in content["subservices"]
    ]
