"""Jobs: asked for, claimed by one worker, renewed, and ended.

A claim is a lease.  It is taken and ended by updates that hold only while nobody else was quicker,
on either database, so that no job is carried out by two; what a worker leaves when it dies is taken
by another once the lease has lapsed.
"""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.job import LEASE, MOST_ATTEMPTS, JobState, next_attempt
from reperform.evidence.models import Connection, Job, JobAttempt, Run
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.jobs import claimable
from reperform.evidence.schedule import SLUG
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock, next_number

_LOST = "the worker stopped in the middle"
_MOST = 4_000
_TRIES = 5
"""So many jobs may be lost to quicker workers before the next look."""


@transaction.atomic
def ask_job(*, organization: Organization, number: int, by: str, at: datetime) -> Job:
    """Ask for a connection to be asked as soon as a worker is free.

    One that waits or runs already is returned instead: a second would bring the same.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        by: who asks.
        at: when.

    Raises:
        ConnectionNotKeptError: it is retired.
    """
    lock(organization)
    connection = Connection.objects.get(organization=organization, number=number)
    if connection.retired_on:
        what = Problem("connection", f"{number} is retired", "make another one", SLUG)
        raise ConnectionNotKeptError([what])
    going = Job.objects.filter(connection=connection, ended_at=None)
    already = going.filter(not_before__lte=at).order_by("due_at").first()
    if already:
        return already
    job = Job.objects.create(
        organization=organization,
        number=next_number(Job, organization),
        connection=connection,
        due_at=at,
        asked_by=by,
        state=JobState.WAITING.value,
        not_before=at,
    )
    record(
        log=organization.log,
        act="job.asked",
        by=by,
        at=at,
        subject=f"connection {number}",
        after={"job": job.number},
    )
    return job


def claim_job(*, at: datetime, organization: Organization | None = None) -> Job | None:
    """Take a job that is due; None when there is none that nobody else has.

    Args:
        at: now.
        organization: whose only; None for all.
    """
    found = claimable(at)
    if organization:
        found = found.filter(organization=organization)
    for job in found.select_related("organization", "connection")[:_TRIES]:
        if _take(job, at=at):
            return job
    return None


@transaction.atomic
def _take(job: Job, *, at: datetime) -> bool:
    """Return whether a job became ours."""
    as_seen = Job.objects.filter(pk=job.pk, state=job.state, claim=job.claim)
    if job.attempts >= MOST_ATTEMPTS:
        if as_seen.update(
            state=JobState.FAILED.value, claim="", claimed_until=None, reason=_LOST, ended_at=at
        ):
            job.refresh_from_db()
            _lose(job, at=at)
            _record_failed(job, at=at)
        return False
    try:
        with transaction.atomic():
            taken = as_seen.update(
                state=JobState.RUNNING.value,
                claim=secrets.token_hex(16),
                claimed_until=at + LEASE,
                attempts=F("attempts") + 1,
            )
    except IntegrityError:  # another job of the same connection was begun meanwhile
        return False
    if taken:
        job.refresh_from_db()
        _lose(job, at=at)
        JobAttempt.objects.create(job=job, number=job.attempts, began_at=at)
    return bool(taken)


def _lose(job: Job, *, at: datetime) -> None:
    """Say of attempts that never ended that their worker did."""
    JobAttempt.objects.filter(job=job, ended_at=None).update(ended_at=at, reason=_LOST)


def renew_claim(*, job: Job, at: datetime) -> bool:
    """Hold a job for another while; return whether it is ours still."""
    own = Job.objects.filter(pk=job.pk, claim=job.claim, state=JobState.RUNNING.value)
    return own.update(claimed_until=at + LEASE) == 1


@transaction.atomic
def end_job(*, job: Job, run: Run | None, reason: str, at: datetime) -> Job:
    """Keep how an attempt ended; a job that is not done is tried again, or has failed.

    One that another worker has taken meanwhile stays as it is.

    Args:
        job: as `claim_job` returned it.
        run: that it led to; None when the connection was not even asked.
        reason: why it is not done; empty when its run is complete.
        at: when.
    """
    lock(job.organization)
    claim = job.claim
    job.refresh_from_db()
    if job.claim != claim or job.state != JobState.RUNNING.value:
        return job
    tried = JobAttempt.objects.filter(job=job, number=job.attempts)
    tried.update(ended_at=at, run=run, reason=reason[:_MOST])
    job.run, job.reason, job.claim, job.claimed_until = run, reason[:_MOST], "", None
    is_done = run is not None and run.outcome == RunOutcome.COMPLETE.value
    again = None if is_done else next_attempt(job.attempts, at)
    if again:
        job.state, job.not_before = JobState.WAITING.value, again
    else:
        job.state = (JobState.DONE if is_done else JobState.FAILED).value
        job.ended_at = at
    job.save()
    if job.state == JobState.FAILED.value:
        _record_failed(job, at=at)
    return job


def _record_failed(job: Job, *, at: datetime) -> None:
    record(
        log=job.organization.log,
        act="job.failed",
        by=job.asked_by,
        at=at,
        subject=f"connection {job.connection.number}",
        after={"job": job.number, "attempts": job.attempts, "reason": job.reason},
    )
