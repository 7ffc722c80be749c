"""The matrix of criteria and controls: what reaches what, with the holes visible."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from reperform.program import queries
from reperform.program.controls.coverage import CriterionCoverage, coverage
from reperform.program.controls.listing import ControlRow
from reperform.report.sheets import Sheet, SheetColumn, render_csv, render_xlsx
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_COLUMNS = 150
"""Controls on one page: with 61 criteria they weigh about 60 KB."""
_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One criterion with a cell for each control of the page."""

    coverage: CriterionCoverage
    cells: SafeString


def _covered(request: PageRequest) -> list[CriterionCoverage]:
    organization = request.visitor.organization
    every = coverage(
        queries.control_rows_of(organization, catalog()),
        criteria=catalog().criteria,
        scope=queries.current_scope(organization).document,
    )
    return [each for each in every if each.applies]


def _controls(covered: Sequence[CriterionCoverage]) -> list[ControlRow]:
    """Return every adopted control that serves one of the criteria, by code."""
    found = {row.code: row for each in covered for row in each.controls}
    return [found[code] for code in sorted(found)]


@page("controls.view")
def matrix(request: PageRequest) -> HttpResponse:
    """Show the matrix of the criteria that apply, and the holes as lists below it."""
    covered = _covered(request)
    shown = Paginator(_controls(covered), _COLUMNS).get_page(request.GET.get("page"))
    codes = [row.code for row in shown]
    context = {
        "controls": shown,
        "rows": [MatrixRow(each, _cells(each, codes)) for each in covered],
        "holes": [each for each in covered if each.is_hole],
        "covered": covered,
        "open": [each for each in covered if each.open_points and not each.is_hole],
        "scope": queries.current_scope(request.visitor.organization),
    }
    return render(request, "web/controls/matrix.html", context)


def _cells(coverage: CriterionCoverage, codes: Sequence[str]) -> SafeString:
    """Return the cells as HTML without end tags, which the standard leaves out: 4 bytes each."""
    serving = {row.code for row in coverage.controls}
    cells = "".join("<td>●" if code in serving else "<td>" for code in codes)
    return mark_safe(cells)  # noqa: S308 - made of nothing but the two strings above


@page("controls.view")
def matrix_file(request: PageRequest, kind: str) -> HttpResponse:
    """Send the whole matrix as CSV or XLSX."""
    if kind not in _KINDS:
        raise Http404
    covered = _covered(request)
    controls = _controls(covered)
    sheets = [matrix_sheet(covered, controls), points_sheet(covered)]
    name = f"{request.visitor.organization.slug}-controls-matrix.{kind}"
    at, is_example = request.visitor.at, request.visitor.organization.is_example
    content = (
        render_csv(sheets[0], is_example=is_example)
        if kind == "csv"
        else render_xlsx(sheets, title="Criteria and controls", at=at, is_example=is_example)
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_KINDS[kind], headers=headers)


def matrix_sheet(covered: Sequence[CriterionCoverage], controls: Sequence[ControlRow]) -> Sheet:
    """Return one row for each criterion that applies, one column for each control."""
    return Sheet(
        "Matrix",
        (
            SheetColumn("Criterion", 11),
            SheetColumn("Title", 36),
            SheetColumn("Controls", 10),
            *(SheetColumn(row.code, 9) for row in controls),
        ),
        tuple(
            (
                each.criterion.id,
                each.criterion.title,
                len(each.controls),
                *("x" if row in each.controls else None for row in controls),
            )
            for each in covered
        ),
    )


def points_sheet(covered: Sequence[CriterionCoverage]) -> Sheet:
    """Return one row for each point of focus, with the controls that address it."""
    return Sheet(
        "Points of focus",
        (SheetColumn("Point", 11), SheetColumn("About", 60), SheetColumn("Controls", 40)),
        tuple(
            (point.id, point.label, ", ".join(codes) or None)
            for each in covered
            for point, codes in each.points
        ),
    )
