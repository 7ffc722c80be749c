"""Jobs: asked for, claimed by one worker, renewed, and ended.

A claim is a lease.  It is taken and ended by updates that hold only while nobody else was quicker,
on either database, so that no job is carried out by two; what a worker leaves when it dies is taken
by another once the lease has lapsed.
"""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.job import (
    LEASE,
    MOST_ATTEMPTS,
    Ended,
    JobKind,
    JobState,
    Work,
    next_attempt,
)
from reperform.evidence.models import Connection, Job, JobAttempt, Run
from reperform.evidence.queries.jobs import claimable
from reperform.evidence.schedule import SLUG
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock, next_number

_LOST = "the worker stopped in the middle"
_MOST = 4_000
_TRIES = 5
"""So many jobs may be lost to quicker workers before the next look."""


@transaction.atomic
def ask_job(*, organization: Organization, work: Work, by: str, at: datetime) -> Job:
    """Ask for something to be done as soon as a worker is free.

    The same that waits or runs already is returned instead: a second would bring the same.

    Args:
        organization: whose.
        work: what; a connection exists.
        by: who asks.
        at: when.

    Raises:
        ConnectionNotKeptError: the connection is retired, or one of an example.
    """
    lock(organization)
    connection = connection_of(organization, work)
    if connection and organization.is_example:
        what = "its source was invented, and nobody is asked"
        raise ConnectionNotKeptError([Problem("connection", what, "look at its runs", SLUG)])
    going = Job.objects.filter(organization=organization, subject=work.subject, ended_at=None)
    for already in going.filter(not_before__lte=at).order_by("due_at"):
        if already.what == work.what:
            return already
    job = Job.objects.create(
        organization=organization,
        number=next_number(Job, organization),
        kind=work.kind.value,
        subject=work.subject,
        what=work.what,
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
        subject=work.subject,
        after={"job": job.number, **work.what},
    )
    return job


def connection_of(organization: Organization, work: Work) -> Connection | None:
    """Return the connection that work is about; None when it is about something else.

    Raises:
        ConnectionNotKeptError: it is retired.
    """
    if work.connection is None:
        return None
    found = Connection.objects.get(organization=organization, number=work.connection)
    if found.retired_on:
        what = Problem("connection", f"{found.number} is retired", "make another one", SLUG)
        raise ConnectionNotKeptError([what])
    return found


def claim_job(
    *,
    at: datetime,
    organization: Organization | None = None,
    kinds: Collection[JobKind] = tuple(JobKind),
    of_example: bool = False,
) -> Job | None:
    """Take a job that is due; None when there is none that nobody else has.

    Args:
        at: now.
        organization: whose only; None for all.
        kinds: of which only.
        of_example: ask the sources of an example too, as only whoever acts it out may.
    """
    found = claimable(at, of_example=of_example).filter(kind__in=[each.value for each in kinds])
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
    except IntegrityError:  # another job of the same subject was begun meanwhile
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
def end_job(*, job: Job, ended: Ended, at: datetime) -> Job:
    """Keep how an attempt ended; a job that is not done is tried again, or has failed.

    One that another worker has taken meanwhile stays as it is.

    Args:
        job: as `claim_job` returned it.
        ended: how.
        at: when.
    """
    lock(job.organization)
    claim = job.claim
    job.refresh_from_db()
    if job.claim != claim or job.state != JobState.RUNNING.value:
        return job
    run = Run.objects.filter(connection=job.connection, number=ended.run or 0).first()
    reason = ended.reason[:_MOST]
    tried = JobAttempt.objects.filter(job=job, number=job.attempts)
    tried.update(ended_at=at, run=run, reason=reason)
    job.run, job.reason, job.claim, job.claimed_until = run, reason, "", None
    again = None if not reason or ended.is_final else next_attempt(job.attempts, at)
    if again:
        job.state, job.not_before = JobState.WAITING.value, again
    else:
        job.state = (JobState.FAILED if reason else JobState.DONE).value
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
        subject=job.subject,
        after={"job": job.number, "attempts": job.attempts, "reason": job.reason},
    )
