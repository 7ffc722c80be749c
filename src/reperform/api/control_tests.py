"""Tests of controls over time, for programs: what each said, and when it runs by itself."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router, Schema, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged
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
from reperform.audit.models import OutcomeRecord
from reperform.audit.queries import latest_outcomes, outcomes
from reperform.evidence.job import JobKind, Work, run_of
from reperform.evidence.queries.jobs import schedules
from reperform.testing.installed import installed_tests, library_test

router = Router()


class OutcomeOut(Schema):
    """What a test said once: in an `examination`, or run alone by `job`.

    `record` names all that a run alone rests on; None for an examination, whose bundle has it.
    """

    test: str
    control: str
    at: datetime
    conclusion: str
    first_day: date
    last_day: date
    population: int
    deviations: int
    unable: int
    reason: str
    sha256: str
    examination: int | None
    job: int | None
    record: dict[str, Any] | None

    @staticmethod
    def of(row: OutcomeRecord) -> "OutcomeOut":
        """Return an outcome as an answer."""
        return OutcomeOut(
            test=row.test,
            control=row.control,
            at=row.at,
            conclusion=row.conclusion,
            first_day=row.first_day,
            last_day=row.last_day,
            population=row.population,
            deviations=row.deviations,
            unable=row.unable,
            reason=row.reason,
            sha256=row.procedure_sha256,
            examination=row.examination.number if row.examination else None,
            job=row.job.number if row.job else None,
            record=row.record or None,
        )


class TestOverTimeOut(Schema):
    """A test that runs by itself: what it said last, and its own schedule; None for none."""

    id: str
    control: str
    title: str
    sha256: str
    conclusion: str | None
    at: datetime | None
    schedule: dict[str, Any] | None


@router.get("", response=Page[TestOverTimeOut], auth=takes("results.view"))
def list_tests_over_time(
    request: ApiRequest, control: str = "", offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the tests that run by themselves; those of one control when it is named."""
    organization = request.auth.organization
    newest = latest_outcomes(organization)
    plans = {each.subject: each.plan for each in schedules(organization, JobKind.TEST)}
    found = [
        TestOverTimeOut(
            id=each.id,
            control=each.control,
            title=each.title,
            sha256=each.sha256,
            conclusion=newest[each.id].conclusion if each.id in newest else None,
            at=newest[each.id].at if each.id in newest else None,
            schedule=plans.get(run_of(each.id).subject),
        )
        for name, tests in sorted(installed_tests().items())
        if control in ("", name)
        for each in tests.automatic
    ]
    return paged(found, offset, limit, lambda each: each)


@router.get("/{str:test_id}/outcomes", response=Page[OutcomeOut], auth=takes("results.view"))
def list_outcomes(
    request: ApiRequest, test_id: str, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List what a test said over time, newest first."""
    _work(test_id)
    found = outcomes(request.auth.organization, test=test_id).defer("examination__results")
    return paged(found, offset, limit, OutcomeOut.of)


@router.get("/{str:test_id}/jobs", response=Page[JobOut], auth=takes("results.view"))
def list_jobs_of_test(
    request: ApiRequest, test_id: str, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the times that a test was to be run, newest first, the missed ones too."""
    return listed(request, offset, limit, subject=_work(test_id).subject)


@router.post("/{str:test_id}/jobs", response={202: JobOut}, auth=takes("results.edit"))
def run_one_test(request: ApiRequest, response: HttpResponse, test_id: str) -> Status[JobOut]:
    """Have a test run by the next free worker, over the days of the scope that are over."""
    return asked(request, response, _work(test_id))


@router.get("/{str:test_id}/schedule", response=ScheduleOut, auth=takes("results.view"))
def read_when_tested(request: ApiRequest, test_id: str) -> ScheduleOut:
    """Return when a test runs by itself."""
    return schedule_out(request, _work(test_id))


@router.put(
    "/{str:test_id}/schedule",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("results.edit"),
)
def decide_when_tested(request: ApiRequest, test_id: str, body: ScheduleIn) -> ScheduleOut:
    """Say when a test runs; what an earlier schedule expected until now stays."""
    return decided(request, _work(test_id), body)


@router.post(
    "/{str:test_id}/schedule/pause",
    response={200: ScheduleOut, 409: Refused, 422: Refused},
    auth=takes("results.edit"),
)
def pause_testing(request: ApiRequest, test_id: str, body: SchedulePauseIn) -> ScheduleOut:
    """Run a test no more by itself, until its schedule is set again."""
    return paused(request, _work(test_id), body)


def _work(test_id: str) -> Work:
    if library_test(test_id) is None:
        raise Http404
    return run_of(test_id)
