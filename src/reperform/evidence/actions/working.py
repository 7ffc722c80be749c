"""Carrying out jobs, one after another, and holding each while it takes."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import connection as database

from reperform.accounts.models import Organization
from reperform.base.refusal import RefusalError
from reperform.evidence.actions.expecting import expect_all
from reperform.evidence.actions.jobs import claim_job, end_job, renew_claim
from reperform.evidence.actions.running import run_connection
from reperform.evidence.actions.workers import sign
from reperform.evidence.job import LEASE, Ended, JobKind
from reperform.evidence.models import Job, WorkerSign
from reperform.evidence.outcome import RunOutcome

Clock = Callable[[], datetime]
Way = Callable[[Job, Clock], Ended]
"""How a job of one kind is carried out."""


def collect_job(job: Job, clock: Clock) -> Ended:
    """Ask the connection of a job everything."""
    connection = job.connection
    assert connection  # noqa: S101 - the database sees to it: job_of_a_connection_or_not
    try:
        run = run_connection(
            organization=job.organization, number=connection.number, by=job.asked_by, clock=clock
        )
    except RefusalError as refusal:
        return Ended(refusal.what)
    is_whole = run.outcome == RunOutcome.COMPLETE.value
    return Ended("" if is_whole else run.reason or run.outcome, run.number)


COLLECTING: Mapping[JobKind, Way] = {JobKind.COLLECTION: collect_job}
"""What this stage can carry out by itself."""


def work_once(
    *,
    clock: Clock,
    organization: Organization | None = None,
    ways: Mapping[JobKind, Way] = COLLECTING,
    worker: WorkerSign | None = None,
) -> Job | None:
    """Carry out one job that is due; None when there is none.

    Args:
        clock: gives the time in UTC.
        organization: whose only; None for all.
        ways: how each kind is carried out; jobs of other kinds are left to other workers.
        worker: who says that it lives, before and while it works; None for nobody.
    """
    expect_all(at=clock(), organization=organization)
    job = claim_job(at=clock(), organization=organization, kinds=ways)
    if worker:
        sign(worker=worker, job=job, at=clock())
    if job is None:
        return None
    with _held(job, clock, worker):
        done = _carried_out(job, ways[JobKind(job.kind)], clock)
    if worker:
        sign(worker=worker, done=1, at=clock())
    return done


def _carried_out(job: Job, way: Way, clock: Clock) -> Job:
    try:
        ended = way(job, clock)
    except BaseException as error:
        # The worker ends by it, and says so; what is kept must not wait for the lease.
        why = f"the program stopped: {type(error).__name__}"
        end_job(job=job, ended=Ended(why), at=clock())
        raise
    return end_job(job=job, ended=ended, at=clock())


@contextmanager
def _held(job: Job, clock: Clock, worker: WorkerSign | None) -> Iterator[None]:
    """Renew a claim for as long as the work takes."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(LEASE.total_seconds() / 4):
                if worker:
                    sign(worker=worker, job=job, at=clock())
                if not renew_claim(job=job, at=clock()):
                    return
        finally:
            database.close()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
