"""The acts on schedules and jobs."""

from collections.abc import Callable
from datetime import timedelta

from api.acts import AT, BY, EARLIER, Case, Place
from api.acts_connections import made
from reperform.evidence.actions import expecting, jobs, schedules, working
from reperform.evidence.job import Ended, collection_of
from reperform.evidence.models import Job, JobSchedule
from reperform.evidence.schedule import Every, Schedule

Act = Callable[[], object]
DAILY = Schedule(Every.DAY, hour=3)
BEFORE = AT - timedelta(days=3)


def scheduled(place: Place) -> JobSchedule:
    made(place)
    return schedules.set_schedule(
        organization=place.organization,
        work=collection_of(1),
        schedule=DAILY,
        seen=0,
        by="test",
        at=BEFORE,
    )


def claimed(place: Place) -> Job:
    made(place)
    jobs.ask_job(organization=place.organization, work=collection_of(1), by=BY, at=EARLIER)
    job = jobs.claim_job(at=EARLIER)
    assert job
    return job


def decide(place: Place) -> Act:
    made(place)
    return lambda: schedules.set_schedule(
        organization=place.organization, work=collection_of(1), schedule=DAILY, seen=0, by=BY, at=AT
    )


def pause(place: Place) -> Act:
    made(place)
    schedules.set_schedule(
        organization=place.organization,
        work=collection_of(1),
        schedule=DAILY,
        seen=0,
        by="test",
        at=AT,
    )
    return lambda: schedules.pause_schedule(
        organization=place.organization,
        work=collection_of(1),
        reason="moving",
        seen=1,
        by=BY,
        at=AT,
    )


def ask(place: Place) -> Act:
    made(place)
    return lambda: jobs.ask_job(
        organization=place.organization, work=collection_of(1), by=BY, at=AT
    )


def expect(place: Place) -> Act:
    scheduled(place)
    return lambda: expecting.expect_jobs(organization=place.organization, at=AT)


def expect_all(place: Place) -> Act:
    scheduled(place)
    return lambda: expecting.expect_all(at=AT)


def fail(place: Place) -> Act:
    job = claimed(place)
    Job.objects.filter(pk=job.pk).update(attempts=4)
    job.refresh_from_db()
    return lambda: jobs.end_job(job=job, ended=Ended("nobody answers"), at=AT)


def work(place: Place) -> Act:
    made(place)
    jobs.ask_job(organization=place.organization, work=collection_of(1), by=BY, at=EARLIER)
    return lambda: working.work_once(clock=lambda: AT)


_MISSED = {"count": 2}
CASES: dict[str, Case] = {
    "evidence.actions.schedules.set_schedule": Case(
        decide, ("schedule.set",), after={"every": "day", "hour": 3}
    ),
    "evidence.actions.schedules.pause_schedule": Case(
        pause, ("schedule.paused",), after={"reason": "moving"}
    ),
    "evidence.actions.jobs.ask_job": Case(ask, ("job.asked",), after={"job": 1}),
    "evidence.actions.expecting.expect_jobs": Case(
        expect, ("job.missed",), after=_MISSED, by=expecting.BY_ITSELF
    ),
    "evidence.actions.expecting.expect_all": Case(
        expect_all, ("job.missed",), after=_MISSED, by=expecting.BY_ITSELF
    ),
    "evidence.actions.jobs.end_job": Case(
        fail, ("job.failed",), after={"attempts": 4, "reason": "nobody answers"}
    ),
    "evidence.actions.working.work_once": Case(work, ("run.started", "run.ended")),
}
NO_ACTS: dict[str, str] = {
    "evidence.actions.expecting.expect": "what expect_jobs records, for one schedule",
    "evidence.actions.jobs.claim_job": "a lease; the run that follows is recorded",
    "evidence.actions.jobs.renew_claim": "a lease",
    "evidence.actions.jobs.connection_of": "a look",
    "evidence.actions.workers.begin_worker": "a sign of life of the installation",
    "evidence.actions.workers.end_worker": "as above",
    "evidence.actions.workers.sign": "as above",
    "evidence.actions.workers.sign_beside": "as above",
    "evidence.actions.working.collect_job": "what run_connection records",
    "audit.actions.keep_outcome": "its entry is read in tests/web/test_tests_over_time.py",
    "report.actions.jobs.run_test_job": "what run_test records",
    "report.actions.testing.run_test": "what keep_outcome records",
    "report.actions.jobs.examine_job": "what examine_connections records",
}
