"""The calendar as files: every window as a table, and one's own due days for a calendar program."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse

from reperform.program.calendar.icalendar import Dated, icalendar
from reperform.program.calendar.periods import current_period, shown_periods
from reperform.program.queries import current_scope
from reperform.program.queries.occurrences import standings, years
from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx
from reperform.web.calendar.control import names_of
from reperform.web.page import PageRequest, page

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_COLUMNS = (
    *(SheetColumn("Control", 11), SheetColumn("Title", 40), SheetColumn("From", 12)),
    *(SheetColumn("Due", 12), SheetColumn("Who", 24), SheetColumn("State", 13)),
    *(SheetColumn("Done on", 12), SheetColumn("Days late", 10), SheetColumn("Entry", 8)),
    *(SheetColumn("Entered on", 12), SheetColumn("Why", 40)),
)


@page("calendar.view")
def table(request: PageRequest, kind: str) -> HttpResponse:
    """Send every window of the period as CSV or XLSX."""
    if kind not in _KINDS:
        raise Http404
    sheet = Sheet("Calendar", _COLUMNS, tuple(_rows(request)))
    at, is_example = request.visitor.at, request.visitor.organization.is_example
    content = (
        render_csv(sheet, is_example=is_example)
        if kind == "csv"
        else render_xlsx([sheet], title="Calendar", at=at, is_example=is_example)
    )
    name = f"{request.visitor.organization.slug}-calendar.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=_KINDS[kind], headers=headers)


def _rows(request: PageRequest) -> Iterator[tuple[Value, ...]]:
    organization, today = request.visitor.organization, request.visitor.at.date()
    shown = shown_periods(current_scope(organization).document, today=today)
    wanted = request.GET.get("period", "")
    period = next((each for each in shown if each.name == wanted), shown[0]).period
    names = names_of(organization)
    for control, year in years(organization, period, today=today):
        for each in year.windows:
            entry = each.entry
            is_done = entry is not None and not each.why
            yield (
                control.code,
                control.title,
                each.slot.first_on,
                each.slot.due_on,
                names.get(each.slot.owner or 0),
                each.state.value,
                entry.on if entry and is_done else None,
                each.days_late or None,
                entry.number if entry else None,
                entry.entered_on if entry else None,
                each.why or None,
            )


@page("calendar.view")
def own(request: PageRequest) -> HttpResponse:
    """Send one's own due days as iCalendar (RFC 5545)."""
    visitor = request.visitor
    today = visitor.at.date()
    period = current_period(current_scope(visitor.organization).document, today=today)
    dated = [
        Dated(
            uid=f"{each.control.code}-{window.slot.due_on}@{visitor.organization.slug}.reperform",
            day=window.slot.due_on,
            said=f"{each.control.code} {each.control.title}",
        )
        for each in standings(visitor.organization, period, today=today)
        for window in (*each.standing.open, each.standing.following)
        if window is not None and window.slot.owner == visitor.membership.pk
    ]
    headers = {"Content-Disposition": 'attachment; filename="due.ics"'}
    example = "Example: " if visitor.organization.is_example else ""
    content = icalendar(dated, name=f"{example}{visitor.organization.name}", at=visitor.at)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
