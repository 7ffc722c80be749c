"""When connections are asked by themselves, and every time that one was to be, for programs."""

from datetime import datetime
from typing import Any

from django.http import Http404
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.api.connections.registry import found, router
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.actions.schedules import pause_schedule, set_schedule
from reperform.evidence.models import ConnectionSchedule, Job
from reperform.evidence.queries.jobs import job_row, jobs, schedule_of
from reperform.evidence.schedule import read_schedule

jobs_router = Router()


class ScheduleOut(Schema):
    """When a connection is asked by itself; `plan` is None when nobody decided it.

    Version 0 stands for none; `next_at` is None while it is paused, for the reason.
    """

    version: int
    plan: dict[str, Any] | None
    next_at: datetime | None
    paused_reason: str

    @staticmethod
    def of(row: ConnectionSchedule | None) -> "ScheduleOut":
        """Return a schedule as an answer."""
        if row is None:
            return ScheduleOut(version=0, plan=None, next_at=None, paused_reason="")
        return ScheduleOut(
            version=row.version,
            plan=row.plan,
            next_at=row.next_at,
            paused_reason=row.paused_reason,
        )


class ScheduleIn(Schema):
    """When from now on: `every` hour, day, week or month, and hour, minute, weekday, day, zone.

    `seen` is the version that it changes, 0 for none.
    """

    plan: dict[str, Any]
    seen: int = Field(ge=0, le=1_000_000_000)


class SchedulePauseIn(Schema):
    """Why a connection is not asked by itself for now."""

    reason: str = Field(max_length=10_000)
    seen: int = Field(ge=0, le=1_000_000_000)


class JobOut(Schema):
    """One time that a connection is to be asked: waiting, running, done, failed or missed.

    `run` is the number of the newest run that it led to; `not_before` says when it is tried.
    """

    number: int
    connection: int
    state: str
    due_at: datetime
    not_before: datetime
    is_scheduled: bool
    asked_by: str
    attempts: int
    run: int | None
    reason: str
    ended_at: datetime | None

    @staticmethod
    def of(row: Job) -> "JobOut":
        """Return a job as an answer."""
        return JobOut(
            number=row.number,
            connection=row.connection.number,
            state=row.state,
            due_at=row.due_at,
            not_before=row.not_before,
            is_scheduled=row.schedule_id is not None,
            asked_by=row.asked_by,
            attempts=row.attempts,
            run=row.run.number if row.run else None,
            reason=row.reason,
            ended_at=row.ended_at,
        )


@router.get("/{int:number}/schedule", response=ScheduleOut, auth=takes("connections.view"))
def read_when(request: ApiRequest, number: int) -> ScheduleOut:
    """Return when a connection is asked by itself."""
    return ScheduleOut.of(schedule_of(found(request, number)))


@router.put(
    "/{int:number}/schedule",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def decide_when(request: ApiRequest, number: int, body: ScheduleIn) -> ScheduleOut:
    """Say when a connection is asked; what an earlier schedule expected until now stays."""
    found(request, number)
    schedule, problems = read_schedule(body.plan)
    if problems:
        raise ContentRefusedError(problems)
    kept = set_schedule(
        organization=request.auth.organization,
        number=number,
        schedule=schedule,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ScheduleOut.of(kept)


@router.post(
    "/{int:number}/schedule/pause",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("connections.edit"),
)
def pause(request: ApiRequest, number: int, body: SchedulePauseIn) -> ScheduleOut:
    """Ask a connection no more by itself, until its schedule is set again."""
    found(request, number)
    kept = pause_schedule(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ScheduleOut.of(kept)


@router.get("/{int:number}/jobs", response=Page[JobOut], auth=takes("connections.view"))
def list_jobs_of(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the times that a connection was to be asked, newest first."""
    row = found(request, number)
    return paged(jobs(request.auth.organization, connection=row.number), offset, limit, JobOut.of)


@router.post(
    "/{int:number}/jobs", response={202: JobOut, 422: Refused}, auth=takes("connections.edit")
)
def collect(request: ApiRequest, number: int) -> Status[JobOut]:
    """Have a connection asked everything by the next free worker; see the job for how it ends."""
    found(request, number)
    job = ask_job(
        organization=request.auth.organization,
        number=number,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(202, JobOut.of(job))


@jobs_router.get("", response=Page[JobOut], auth=takes("connections.view"))
def list_jobs(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List every time that a connection was to be asked, newest first, the missed ones too."""
    return paged(jobs(request.auth.organization), offset, limit, JobOut.of)


@jobs_router.get("/{int:number}", response=JobOut, auth=takes("connections.view"))
def read_job(request: ApiRequest, number: int) -> JobOut:
    """Return one job."""
    row = job_row(request.auth.organization, number)
    if row is None:
        raise Http404
    return JobOut.of(row)
