"""Asking for an examination, now or by itself, for programs."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused
from reperform.api.jobs import (
    JobOut,
    ScheduleIn,
    ScheduleOut,
    SchedulePauseIn,
    asked,
    decided,
    listed,
    paused,
    schedule_out,
)
from reperform.api.results import router
from reperform.audit.asked import asked_scope
from reperform.evidence.job import EXAMINATIONS, examination_of
from reperform.program.queries import current_scope

__all__ = ["router"]


class ExaminationIn(Schema):
    """Which days; left out, those of the scope's period, up to yesterday while it goes on."""

    first: date | None = None
    last: date | None = None


@router.post("", response={202: JobOut, 422: Refused}, auth=takes("results.edit"))
def examine(request: ApiRequest, response: HttpResponse, body: ExaminationIn) -> Status[JobOut]:
    """Have what connections brought examined by the next free worker; see the job for the rest.

    Its `examination` is the number of what is kept when it is done.
    """
    scope = current_scope(request.auth.organization).document
    asked_scope(scope, first=body.first, last=body.last, today=request.auth.at.date())
    return asked(request, response, examination_of(body.first, body.last))


@router.get("/jobs", response=Page[JobOut], auth=takes("results.view"))
def list_examination_jobs(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the times that an examination was to be run, newest first, the missed ones too."""
    return listed(request, offset, limit, subject=EXAMINATIONS)


@router.get("/schedule", response=ScheduleOut, auth=takes("results.view"))
def read_when_examined(request: ApiRequest) -> ScheduleOut:
    """Return when the days of the scope are examined by themselves."""
    return schedule_out(request, examination_of())


@router.put(
    "/schedule",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("results.edit"),
)
def decide_when_examined(request: ApiRequest, body: ScheduleIn) -> ScheduleOut:
    """Say when the days of the scope, up to yesterday, are examined by themselves."""
    return decided(request, examination_of(), body)


@router.post(
    "/schedule/pause",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("results.edit"),
)
def pause_examining(request: ApiRequest, body: SchedulePauseIn) -> ScheduleOut:
    """Examine no more by itself, until the schedule is set again."""
    return paused(request, examination_of(), body)
