"""One control's own year: every window, what was said of each, and the plan behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.accounts.models import Organization
from reperform.accounts.queries import members
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes, shown
from reperform.program.actions.calendar import CalendarRefusedError, plan_control
from reperform.program.calendar import Calendared, PlanFields, PlanVersion, plan_content, read_plan
from reperform.program.calendar.periods import shown_periods
from reperform.program.calendar.picture import MARKS, WIDTH, strip
from reperform.program.calendar.standing import standing_of
from reperform.program.calendar.year import Window, WindowState
from reperform.program.queries import current_scope, possible_owners
from reperform.program.queries.occurrences import (
    calendared_control,
    latest_plan,
    plan_versions,
    year_of_control,
)
from reperform.web.asked import Asked, Field, form_fields, lines, named, seen_version, sent
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 60
_CHANGES = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One window as the list shows it."""

    window: Window
    owner_name: str


def found_control(organization: Organization, code: str) -> Calendared:
    """Return a control of the organization.

    Raises:
        Http404: it has none of that code.
    """
    found = calendared_control(organization, code)
    if found is None:
        raise Http404
    return found


def names_of(organization: Organization) -> Mapping[int, str]:
    """Return every member's name by number, those who left too."""
    return {each.pk: str(each.user) for each in members(organization)}


@page("calendar.view")
def year(request: PageRequest, code: str) -> HttpResponse:
    """Show every time that a control is due in the period, and what became of it."""
    visitor = request.visitor
    organization, today = visitor.organization, visitor.at.date()
    control = found_control(organization, code)
    periods = shown_periods(current_scope(organization).document, today=today)
    wanted = request.GET.get("period", "")
    now = next((each for each in periods if each.name == wanted), periods[0])
    found = year_of_control(organization, control, now.period, today=today)
    names = names_of(organization)
    ordered = [Line(each, names.get(each.slot.owner or 0, "")) for each in _ordered(found.windows)]
    return render(
        request,
        "web/calendar/control.html",
        {
            "control": control,
            "shown": periods,
            "now": now,
            "standing": standing_of(found, now.period),
            "picture": strip(found.windows, now.period) if found.windows else None,
            "width": WIDTH,
            "marks": [(state, MARKS.get(state, "")) for state in WindowState],
            "lines": Paginator(ordered, _ON_A_PAGE).get_page(request.GET.get("page")),
            "spare": found.spare,
            "versions": _versions(plan_versions(organization, code), names),
            "changes": _history(request, code),
        },
    )


def _ordered(windows: Sequence[Window]) -> list[Window]:
    """Return what was or is due, the newest first, then what is to come, the next first."""
    to_come = [each for each in windows if each.state is WindowState.TO_COME]
    return [each for each in windows[::-1] if each.state is not WindowState.TO_COME] + to_come


def _versions(
    versions: Sequence[PlanVersion], names: Mapping[int, str]
) -> list[tuple[PlanVersion, str]]:
    return [(each, names.get(each.fields.owner or 0, "")) for each in versions[::-1]]


def _history(request: PageRequest, code: str) -> list[Any]:
    if not request.visitor.may("trail.view"):
        return []
    found = changes(request.visitor.organization.log, subject=f"control {code}")
    about = found.filter(act__in=["calendar.planned", "occurrence.corrected"])
    return [shown(each) for each in about[:_CHANGES]]


def _asked(organization: Organization) -> list[Asked]:
    people = tuple((str(each.pk), str(each.user)) for each in possible_owners(organization))
    return [
        Asked(
            "effective_on",
            "From",
            "day",
            "The first day whose windows this plan decides. Today or later: what was expected"
            " before stays as it was.",
            is_needed=True,
        ),
        Asked(
            "first_due_on",
            "First due day",
            "day",
            "The first window ends on it, and each later one a week, a month, a quarter or a year"
            " after. Empty: as the calendar has them, from Monday to Sunday and by whole months.",
        ),
        Asked(
            "opens_days",
            "Opens so many days before",
            "number",
            "Done earlier, it does not count for this time. Empty: any day since the last window.",
        ),
        Asked(
            "grace_days",
            "Days of grace",
            "number",
            "Done so many days after the due day it is still in time. 0 when the control names no"
            " grace: an auditor reads the control, not this form.",
        ),
        Asked("on_workdays", "Only on workdays", "flag", "For a daily control: Monday to Friday."),
        Asked(
            "owner",
            "Who does it",
            "choice",
            "Empty: the owner of the control.",
            choices=(("", "the control's owner"), *people),
        ),
        Asked(
            "is_paused",
            "Paused",
            "flag",
            "Nothing is expected while it is. An auditor sees the pause and its reason.",
        ),
        Asked("reason", "Reason", "text", "Why it is paused, or why the plan is as it is."),
    ]


@page("calendar.edit", post="calendar.edit")
def plan(request: PageRequest, code: str) -> HttpResponse:
    """Plan when a control is due and who does it."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    control = found_control(organization, code)
    asked = _asked(organization)
    version = latest_plan(organization, code)
    seen = version.number if version else 0
    now = plan_content(version.fields if version else PlanFields())
    if request.method != "POST":
        said = now | {"effective_on": today}
        return _form(request, control, form_fields(asked, said), {"seen": seen})
    said, seen = sent(request, asked), seen_version(request)
    content = {name: value for name, value in said.items() if name != "effective_on"}
    fields, problems = read_plan(content)
    day, more = _day(said)
    problems = [*problems, *more]
    if not problems and day:
        try:
            plan_control(
                organization=organization,
                code=code,
                fields=fields,
                effective_on=day,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except CalendarRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            told = {"stale": stale, "theirs": lines(asked, now), "seen": stale.current}
            return _form(request, control, form_fields(asked, said), told, status=409)
        else:
            messages.success(request, f"{code}: planned from {day} on.")
            return redirect("calendar_control", organization=organization.slug, code=code)
    told = {"seen": seen, "problems": named(problems, asked)}
    return _form(request, control, form_fields(asked, said, problems), told, status=422)


def _day(said: Mapping[str, Any]) -> tuple[Any, list[Problem]]:
    reader = Reader(said, "calendar-field")
    return reader.day("effective_on", needed="name the first day"), reader.problems


def _form(
    request: PageRequest,
    control: Calendared,
    fields: Sequence[Field],
    told: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"control": control, "fields": fields, **told}
    return render(request, "web/calendar/plan.html", context, status=status)
