"""A vendor's SOC report: taken in, and shown with what stands between it and relying on it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.actions.vendor_reports import take_report
from reperform.program.actions.vendor_rows import VendorRefusedError
from reperform.program.models import Vendor
from reperform.program.queries import current_scope
from reperform.program.queries.vendor_reports import controls_in_force, report_checks
from reperform.program.queries.vendors import report_fields
from reperform.program.vendors.report_checks import State, in_scope
from reperform.program.vendors.reports import ReportFields, ReportKind, read_report, report_content
from reperform.program.vendors.scope_match import as_supplied
from reperform.web.asked import form_fields, lines, named, sent
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import REPORT
from reperform.web.vendors.found import brought, found_report, found_vendor


@page("vendors.edit", post="vendors.edit")
def new(request: PageRequest, number: int) -> HttpResponse:
    """Take in a report: the file, and what its first pages say."""
    visitor = request.visitor
    vendor = found_vendor(request, number)
    if request.method != "POST":
        return _form(request, vendor, {"kind": "SOC 2", "type": 2})
    said = sent(request, REPORT)
    fields, problems = read_report(said, today=visitor.at.date())
    more: dict[str, Any] = {}
    if not problems:
        files = brought(request, "file")
        try:
            made = take_report(
                organization=visitor.organization,
                number=number,
                fields=fields,
                file=files[0] if files else None,
                by=visitor.name,
                at=visitor.at,
            )
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{made} of {vendor.name} is taken in. Now read it.")
            return redirect(
                "vendor_report",
                organization=visitor.organization.slug,
                number=number,
                report=made.number,
            )
    return _form(request, vendor, said, problems=problems, **more)


def _form(
    request: PageRequest,
    vendor: Vendor,
    said: Mapping[str, Any],
    *,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "vendor": vendor,
        "title": f"A SOC report of {vendor.name}",
        "lead": (
            "Its file is kept byte for byte. What you read in it stands beside it: exceptions, "
            "CUECs and expected controls come on the next page."
        ),
        "action": "Take it in",
        "files": "file",
        "files_label": "The report",
        "files_help": "PDF, as the vendor gave it, at most 10 MB.",
        "fields": form_fields(REPORT, said, problems or ()),
        "problems": named(problems or (), REPORT),
        **more,
    }
    return render(
        request, "web/vendors/asked.html", context, status=422 if problems or more else 200
    )


@page("vendors.view")
def report(request: PageRequest, number: int, report: int) -> HttpResponse:
    """Show one report: checks, exceptions, CUECs, expected controls, and where it goes."""
    organization = request.visitor.organization
    vendor, row = found_report(request, number, report)
    scope = current_scope(organization)
    fields = report_fields(row)
    supplier = in_scope(scope.document, vendor.name)
    checks = report_checks(vendor, row, scope=scope.document)
    return render(
        request,
        "web/vendors/report.html",
        {
            "vendor": vendor,
            "report": row,
            "fields": fields,
            "facts": lines(REPORT, report_content(fields)),
            "checks": checks,
            "open": sum(each.state in (State.LACKING, State.NOT_CHECKED) for each in checks),
            "expected": _expected(
                fields, [e.text for e in supplier.expectations] if supplier else []
            ),
            "titles": controls_in_force(organization),
            "scope": scope,
            "supplier": supplier,
            "is_in_scope": bool(supplier and supplier.report == as_supplied(fields)),
            "may_go_into_scope": supplier is not None and fields.kind is ReportKind.SOC_2,
        },
    )


def _expected(fields: ReportFields, wanted: list[str]) -> list[tuple[str, bool | None, str, bool]]:
    """Return each expected control: what it is, evidenced or not, where, and still expected."""
    found = {each.text: each for each in fields.expected}
    rows = [
        (
            text,
            found[text].is_evidenced if text in found else None,
            found[text].where if text in found else "",
            True,
        )
        for text in wanted
    ]
    gone = [
        (e.text, e.is_evidenced, e.where, False) for e in fields.expected if e.text not in wanted
    ]
    return rows + gone
