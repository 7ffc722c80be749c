"""When connections are asked by themselves, and the jobs of one connection, for programs."""

from typing import Any

from django.http import HttpResponse
from ninja import Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused
from reperform.api.connections.registry import found, router
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
from reperform.evidence.job import collection_of


@router.get("/{int:number}/schedule", response=ScheduleOut, auth=takes("connections.view"))
def read_when(request: ApiRequest, number: int) -> ScheduleOut:
    """Return when a connection is asked by itself."""
    return schedule_out(request, collection_of(found(request, number).number))


@router.put(
    "/{int:number}/schedule",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def decide_when(request: ApiRequest, number: int, body: ScheduleIn) -> ScheduleOut:
    """Say when a connection is asked; what an earlier schedule expected until now stays."""
    found(request, number)
    return decided(request, collection_of(number), body)


@router.post(
    "/{int:number}/schedule/pause",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def pause(request: ApiRequest, number: int, body: SchedulePauseIn) -> ScheduleOut:
    """Ask a connection no more by itself, until its schedule is set again."""
    found(request, number)
    return paused(request, collection_of(number), body)


@router.get("/{int:number}/jobs", response=Page[JobOut], auth=takes("connections.view"))
def list_jobs_of(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the times that a connection was to be asked, newest first."""
    row = found(request, number)
    return listed(request, offset, limit, subject=collection_of(row.number).subject)


@router.post(
    "/{int:number}/jobs", response={202: JobOut, 422: Refused}, auth=takes("connections.edit")
)
def collect(request: ApiRequest, response: HttpResponse, number: int) -> Status[JobOut]:
    """Have a connection asked everything by the next free worker; see the job for how it ends."""
    found(request, number)
    return asked(request, response, collection_of(number))
