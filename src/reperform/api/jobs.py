"""Jobs of the workers, and when things are done by themselves, for programs."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import Field

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    paged,
)
from reperform.audit.queries import told
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.actions.schedules import pause_schedule, set_schedule
from reperform.evidence.job import Work
from reperform.evidence.models import Job, JobAttempt, JobSchedule
from reperform.evidence.queries.jobs import (
    Health,
    attempts,
    health_of_workers,
    jobs,
    schedule_of,
)
from reperform.evidence.schedule import read_schedule

router = Router()
workers_router = Router()


class ScheduleOut(Schema):
    """When something is done by itself; `plan` is None when nobody decided it.

    Version 0 stands for none; `next_at` is None while it is paused, for the reason.  Each moment is
    `offset_seconds` later than the plan says, so that not everything begins at once.
    """

    version: int
    plan: dict[str, Any] | None
    next_at: datetime | None
    offset_seconds: int
    paused_reason: str

    @staticmethod
    def of(row: JobSchedule | None) -> "ScheduleOut":
        """Return a schedule as an answer."""
        if row is None:
            return ScheduleOut(
                version=0, plan=None, next_at=None, offset_seconds=0, paused_reason=""
            )
        return ScheduleOut(
            version=row.version,
            plan=row.plan,
            next_at=row.next_at,
            offset_seconds=row.offset_seconds,
            paused_reason=row.paused_reason,
        )


class ScheduleIn(Schema):
    """When from now on: `every` hour, day, week or month, and hour, minute, weekday, day, zone.

    `seen` is the version that it changes, 0 for none.
    """

    plan: dict[str, Any]
    seen: int = Field(ge=0, le=1_000_000_000)


class SchedulePauseIn(Schema):
    """Why it is not done by itself for now."""

    reason: str = Field(max_length=10_000)
    seen: int = Field(ge=0, le=1_000_000_000)


class JobOut(Schema):
    """One time that something is to be done: waiting, running, done, failed or missed.

    `kind` is collection, examination or test, `subject` what it is about.  `run` is the number of
    the newest run of `connection` that it led to, `examination` that of the examination,
    `conclusion` what the test said; `not_before` says when it is tried.
    """

    number: int
    kind: str
    subject: str
    what: dict[str, Any]
    connection: int | None
    state: str
    due_at: datetime
    not_before: datetime
    is_scheduled: bool
    asked_by: str
    attempts: int
    run: int | None
    examination: int | None
    conclusion: str | None
    reason: str
    ended_at: datetime | None

    @staticmethod
    def of(row: Job) -> "JobOut":
        """Return a job, as `audit.queries.told` returns it, as an answer."""
        kept, said = getattr(row, "examination", None), getattr(row, "outcome", None)
        return JobOut(
            number=row.number,
            kind=row.kind,
            subject=row.subject,
            what=row.what,
            connection=row.connection.number if row.connection else None,
            state=row.state,
            due_at=row.due_at,
            not_before=row.not_before,
            is_scheduled=row.schedule_id is not None,
            asked_by=row.asked_by,
            attempts=row.attempts,
            run=row.run.number if row.run else None,
            examination=kept.number if kept else None,
            conclusion=said.conclusion if said else None,
            reason=row.reason,
            ended_at=row.ended_at,
        )


class AttemptOut(Schema):
    """One attempt at a job; `reason` says why it did not do."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    run: int | None
    reason: str

    @staticmethod
    def of(row: JobAttempt) -> "AttemptOut":
        """Return an attempt as an answer."""
        return AttemptOut(
            number=row.number,
            began_at=row.began_at,
            ended_at=row.ended_at,
            run=row.run.number if row.run else None,
            reason=row.reason,
        )


class WorkersOut(Schema):
    """How many workers of the installation live, and when one was seen last; None for never."""

    living: int
    seen_at: datetime | None


def schedule_out(request: ApiRequest, work: Work) -> ScheduleOut:
    """Return when something is done by itself."""
    return ScheduleOut.of(schedule_of(request.auth.organization, work))


def decided(request: ApiRequest, work: Work, body: ScheduleIn) -> ScheduleOut:
    """Say when something is done from now on."""
    schedule, problems = read_schedule(body.plan)
    if problems:
        raise ContentRefusedError(problems)
    kept = set_schedule(
        organization=request.auth.organization,
        work=work,
        schedule=schedule,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ScheduleOut.of(kept)


def paused(request: ApiRequest, work: Work, body: SchedulePauseIn) -> ScheduleOut:
    """Do something no more by itself, until its schedule is set again."""
    kept = pause_schedule(
        organization=request.auth.organization,
        work=work,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ScheduleOut.of(kept)


def asked(request: ApiRequest, response: HttpResponse, work: Work) -> Status[JobOut]:
    """Ask a worker for something; the answer's `Location` is where its job is looked at."""
    job = ask_job(
        organization=request.auth.organization,
        work=work,
        by=request.auth.name,
        at=request.auth.at,
    )
    response["Location"] = reverse("api:read_job", args=(job.number,))
    return Status(202, JobOut.of(job))


def listed(request: ApiRequest, offset: int, limit: int, *, subject: str = "") -> dict[str, Any]:
    """Return jobs, newest first; of one subject when it is named."""
    return paged(told(jobs(request.auth.organization, subject=subject)), offset, limit, JobOut.of)


@router.get("", response=Page[JobOut], auth=takes("connections.view"))
def list_jobs(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List every time that something was to be done, newest first, the missed ones too."""
    return listed(request, offset, limit)


@router.get("/{int:number}", response=JobOut, url_name="read_job", auth=takes("connections.view"))
def read_job(request: ApiRequest, number: int) -> JobOut:
    """Return one job."""
    row = told(jobs(request.auth.organization)).filter(number=number).first()
    if row is None:
        raise Http404
    return JobOut.of(row)


@router.get("/{int:number}/attempts", response=list[AttemptOut], auth=takes("connections.view"))
def list_attempts(request: ApiRequest, number: int) -> list[AttemptOut]:
    """List the attempts at a job, in order; `not_before` of the job says when the next one is."""
    row = jobs(request.auth.organization).filter(number=number).first()
    if row is None:
        raise Http404
    return [AttemptOut.of(each) for each in attempts(row)]


@workers_router.get("", response=WorkersOut, auth=takes("connections.view"))
def read_workers(request: ApiRequest) -> Health:
    """Say whether what is due would be done: whether a worker gave a sign of life lately."""
    return health_of_workers(at=request.auth.at)
