"""From schedules to jobs: each moment that passed gets its row, and none gets two."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.evidence.job import JobState
from reperform.evidence.models import Job, JobSchedule
from reperform.evidence.schedule import later, next_moment, read_schedule
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock, next_number

BY_ITSELF = "the schedule"
"""Who asked for a job that nobody asked for."""
_NOT_RUNNING = "no worker ran when it was due; a later run stands for now, not for then"
_OVERTAKEN = "it was not begun before the next one was due"


def expect_all(*, at: datetime, organization: Organization | None = None) -> int:
    """Make the jobs that are due, of one organization or of all but the example.

    Args:
        at: now.
        organization: whose only; None for all.

    Returns:
        How many jobs were made.
    """
    due = JobSchedule.objects.filter(next_at__lte=at, connection__retired_on=None)
    found = Organization.objects.filter(is_example=False, pk__in=due.values("organization"))
    if organization:
        found = found.filter(pk=organization.pk)
    return sum(expect_jobs(organization=each, at=at) for each in found)


@transaction.atomic
def expect_jobs(*, organization: Organization, at: datetime) -> int:
    """Make a job for each moment of an organization's schedules that passed.

    Of the moments that passed since it was last looked, the newest is to be done; those before it
    are *missed*: asking or testing now shows what is now.  What a cursor follows is brought whole
    anyway.

    Args:
        organization: whose schedules.
        at: now.

    Returns:
        How many jobs were made, missed ones too.
    """
    lock(organization)
    due = JobSchedule.objects.filter(
        organization=organization, connection__retired_on=None, next_at__lte=at
    )
    return sum(expect(row, at=at) for row in due.select_related("organization", "connection"))


def expect(row: JobSchedule, *, at: datetime) -> int:
    """Make the jobs of one schedule up to `at`; the caller holds the organization's lock."""
    if row.next_at is None or row.next_at > at:
        return 0
    schedule, _ = read_schedule(row.plan)
    passed = list(later(schedule, row.offset, row.expected_until, at))
    first = next_number(Job, row.organization)
    missed = [_job(row, due, first + count) for count, due in enumerate(passed[:-1])]
    for job in missed:
        job.state, job.reason, job.ended_at = JobState.MISSED.value, _NOT_RUNNING, at
    overtaken = _overtake(row, at=at)
    Job.objects.bulk_create([*missed, _job(row, passed[-1], first + len(missed))])
    row.expected_until = at
    row.next_at = next_moment(schedule, at, row.offset)
    row.save(update_fields=["expected_until", "next_at"])
    _record_missed(row, [*overtaken, *(job.due_at for job in missed)], at=at)
    return len(passed)


def _job(row: JobSchedule, due: datetime, number: int) -> Job:
    return Job(
        organization=row.organization,
        number=number,
        kind=row.kind,
        subject=row.subject,
        what=row.what,
        connection=row.connection,
        schedule=row,
        due_at=due,
        asked_by=BY_ITSELF,
        state=JobState.WAITING.value,
        not_before=due,
    )


def _overtake(row: JobSchedule, *, at: datetime) -> list[datetime]:
    """Let jobs of a schedule that nobody began go, now that another one is due."""
    waiting = Job.objects.filter(schedule=row, state=JobState.WAITING.value)
    never, tried = waiting.filter(attempts=0), waiting.filter(attempts__gt=0)
    left = list(never.order_by("due_at").values_list("due_at", flat=True))
    never.update(state=JobState.MISSED.value, reason=_OVERTAKEN, ended_at=at)
    tried.update(state=JobState.FAILED.value, ended_at=at)
    return left


def _record_missed(row: JobSchedule, due: list[datetime], *, at: datetime) -> None:
    if not due:
        return
    record(
        log=row.organization.log,
        act="job.missed",
        by=BY_ITSELF,
        at=at,
        subject=row.subject,
        after={
            "count": len(due),
            "first": due[0].isoformat(),
            "last": due[-1].isoformat(),
        },
    )
