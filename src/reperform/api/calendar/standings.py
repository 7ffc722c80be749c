"""When each control is due and what became of it, and the plan behind it."""

from typing import Any, Literal

from django.http import Http404
from ninja import Router

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, ContentRefusedError, Limit, Offset, Refused, paged
from reperform.api.calendar.shapes import CalendarOut, PlanIn, StandingOut, YearOut
from reperform.program.actions.calendar import plan_control
from reperform.program.calendar import Calendared, PlanFields, read_plan
from reperform.program.calendar.periods import shown_periods
from reperform.program.queries import current_scope
from reperform.program.queries.occurrences import (
    calendared_control,
    latest_plan,
    standings,
    year_of_control,
)

calendar = Router()


@calendar.get("", response=CalendarOut, auth=takes("calendar.view"))
def read_calendar(
    request: ApiRequest,
    *,
    state: Literal["missed", "overdue", "done late", "due", "done", "to come", ""] = "",
    owner: int | None = None,
    criterion: str = "",
    period_is: Literal["decided", "since"] = "decided",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List how each control stands, by code; with a state, those that have a window of it.

    Of the period that the scope decides; with `period_is=since`, of the year since it is over.
    """
    today = request.auth.at.date()
    organization = request.auth.organization
    shown = shown_periods(current_scope(organization).document, today=today)
    period = shown[0].period if period_is != "since" else shown[-1].period
    found = [
        each
        for each in standings(organization, period, today=today)
        if (not state or state in each.standing.counts)
        and owner in (None, each.owner)
        and (not criterion or criterion in each.control.criteria)
    ]
    page = paged(found, offset, limit, StandingOut.of)
    is_decided = shown[0].name == "period" and period == shown[0].period
    return {"first": period.first, "last": period.last, "is_decided": is_decided, **page}


@calendar.get("/{code}", response=YearOut, auth=takes("calendar.view"))
def read_year(request: ApiRequest, code: str) -> YearOut:
    """Return every time that one control is due in the period, and what became of it."""
    return _year(request, _control(request, code))


@calendar.put(
    "/{code}/plan",
    response={200: YearOut, 409: Refused, 422: Refused},
    auth=takes("calendar.edit"),
)
def plan(request: ApiRequest, code: str, body: PlanIn) -> YearOut:
    """Plan when a control is due and who does it, from a day on: today or later."""
    control = _control(request, code)
    fields, problems = read_plan(body.content)
    if problems:
        raise ContentRefusedError(problems)
    plan_control(
        organization=request.auth.organization,
        code=code,
        fields=fields,
        effective_on=body.effective_on,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _year(request, control)


def _control(request: ApiRequest, code: str) -> Calendared:
    found = calendared_control(request.auth.organization, code)
    if found is None:
        raise Http404
    return found


def _year(request: ApiRequest, control: Calendared) -> YearOut:
    organization, today = request.auth.organization, request.auth.at.date()
    period = shown_periods(current_scope(organization).document, today=today)[0].period
    year = year_of_control(organization, control, period, today=today)
    version = latest_plan(organization, control.code)
    fields = version.fields if version else PlanFields()
    return YearOut.of(control, period, year, fields, version.number if version else 0)
