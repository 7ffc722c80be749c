"""Carrying out jobs, one after another, and holding each while it takes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection as database

from reperform.accounts.models import Organization
from reperform.base.refusal import RefusalError
from reperform.evidence.actions.expecting import BY_ITSELF, expect_all
from reperform.evidence.actions.jobs import claim_job, end_job, renew_claim
from reperform.evidence.actions.notices import keep_notices
from reperform.evidence.actions.running import run_connection
from reperform.evidence.job import LEASE
from reperform.evidence.models import Job

Clock = Callable[[], datetime]


def work_once(*, clock: Clock, organization: Organization | None = None) -> Job | None:
    """Carry out one job that is due, and keep what is to be noticed then; None for no job.

    Args:
        clock: gives the time in UTC.
        organization: whose only; None for all.
    """
    expect_all(at=clock(), organization=organization)
    job = claim_job(at=clock(), organization=organization)
    if job is None:
        return None
    with _held(job, clock):
        done = _carried_out(job, clock)
    keep_notices(organization=job.organization, by=BY_ITSELF, at=clock())
    return done


def _carried_out(job: Job, clock: Clock) -> Job:
    try:
        run = run_connection(
            organization=job.organization,
            number=job.connection.number,
            by=job.asked_by,
            clock=clock,
        )
    except RefusalError as refusal:
        return end_job(job=job, run=None, reason=refusal.what, at=clock())
    except BaseException as error:
        # The worker ends by it, and says so; what is kept must not wait for the lease.
        why = f"the program stopped: {type(error).__name__}"
        end_job(job=job, run=None, reason=why, at=clock())
        raise
    reason = run.reason or ("" if run.outcome == "complete" else run.outcome)
    return end_job(job=job, run=run, reason=reason, at=clock())


@contextmanager
def _held(job: Job, clock: Clock) -> Iterator[None]:
    """Renew a claim for as long as the work takes."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(LEASE.total_seconds() / 4):
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
