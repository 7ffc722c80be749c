"""What was read in a SOC report, part by part."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.program.actions.vendor_reports import change_report
from reperform.program.actions.vendor_rows import Brought, VendorRefusedError
from reperform.program.models import SocReport, Vendor
from reperform.program.queries import current_scope
from reperform.program.queries.vendor_reports import controls_in_force
from reperform.program.queries.vendors import report_fields
from reperform.program.vendors.report_checks import in_scope
from reperform.program.vendors.reports import ReportFields, read_report, report_content
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page
from reperform.web.vendors.forms import BRIDGE, REPORT
from reperform.web.vendors.found import brought, found_report
from reperform.web.vendors.row_forms import PARTS, RowPart

_FLAT = {"facts": ("What it says", REPORT), "bridge": ("Bridge letter", BRIDGE)}


@page("vendors.edit", post="vendors.edit")
def edit(request: PageRequest, number: int, report: int, part: str) -> HttpResponse:
    """Change one part of what was read in a report."""
    vendor, row = found_report(request, number, report)
    rows = PARTS.get(part)
    if rows is None and part not in _FLAT:
        raise Http404
    content = report_content(report_fields(row))
    if request.method != "POST":
        said = {part: _rows(vendor, part, content)} if rows else content
        return _form(request, vendor, row, part, said, seen=row.version)
    said = {part: rows.rows(request.POST)} if rows else sent(request, _FLAT[part][1])
    seen = seen_version(request)
    fields, problems = read_report(content | said, today=request.visitor.at.date())
    more: dict[str, Any] = {}
    if not problems and part == "bridge" and fields.bridge_last is None:
        todo = "write the last day that the letter speaks of"
        problems = [Problem("bridge_last", "is empty", todo, "vendor-report")]
    if not problems:
        try:
            _change(request, row, part, fields, seen)
        except VendorRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            theirs = _lines(part, content)
            more, seen = {"stale": stale, "theirs": theirs}, stale.current
        except RefusalError as refusal:
            more = {"refusal": refusal}
        else:
            messages.success(request, f"{fields.title} of {vendor.name}: saved.")
            slug = request.visitor.organization.slug
            return redirect("vendor_report", organization=slug, number=number, report=report)
    return _form(request, vendor, row, part, said, seen=seen, problems=problems, **more)


def _rows(vendor: Vendor, part: str, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a part's rows; of expected controls also those that nobody looked for yet."""
    rows: list[dict[str, Any]] = content[part]
    if part != "expected":
        return rows
    supplier = in_scope(current_scope(vendor.organization).document, vendor.name)
    there = {each["text"] for each in rows}
    wanted = [each.text for each in supplier.expectations] if supplier else []
    return rows + [{"text": text} for text in wanted if text not in there]


def _change(
    request: PageRequest, row: SocReport, part: str, fields: ReportFields, seen: int
) -> None:
    files = brought(request, "file")
    file: Brought | None = files[0] if files else None
    change_report(
        organization=request.visitor.organization,
        number=row.vendor.number,
        report=row.number,
        fields=fields,
        seen=seen,
        file=file if part == "facts" else None,
        bridge=file if part == "bridge" else None,
        by=request.visitor.name,
        at=request.visitor.at,
    )


def _lines(part: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    if part in _FLAT:
        return lines(_FLAT[part][1], content)
    asked, said = PARTS[part].fields(content[part])
    return lines(asked, said)


def _asked(
    part: str, said: Mapping[str, Any], problems: list[Problem]
) -> tuple[list[Asked], Mapping[str, Any], list[Problem]]:
    rows: RowPart | None = PARTS.get(part)
    if rows is None:
        return list(_FLAT[part][1]), said, problems
    asked, values = rows.fields(said[part])
    return asked, values, rows.placed(problems)


def _form(
    request: PageRequest,
    vendor: Vendor,
    row: SocReport,
    part: str,
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    asked, values, wrong = _asked(part, said, problems or [])
    rows = PARTS.get(part)
    labels = {"facts": "The report, where it is to be kept anew", "bridge": "The letter"}
    context = {
        "vendor": vendor,
        "report": row,
        "title": rows.title if rows else _FLAT[part][0],
        "lead": rows.lead if rows else "",
        "action": "Save",
        "files": "" if rows else "file",
        "files_label": labels.get(part, ""),
        "files_help": "PDF, at most 10 MB. What was kept before stays kept.",
        "more": part == "cuecs",
        "controls": controls_in_force(vendor.organization).items() if rows else (),
        "fields": form_fields(asked, values, wrong),
        "problems": named(wrong, asked),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems or more else 200
    return render(request, "web/vendors/asked.html", context, status=status)
