"""Deciding when something is done by itself."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.reader import Reader
from reperform.evidence.actions.expecting import expect
from reperform.evidence.actions.jobs import connection_of
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.job import Work
from reperform.evidence.models import JobSchedule
from reperform.evidence.schedule import (
    SLUG,
    Schedule,
    next_moment,
    offset_of,
    read_schedule,
    schedule_content,
)
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, refuse_stale


@transaction.atomic
def set_schedule(
    *,
    organization: Organization,
    work: Work,
    schedule: Schedule,
    seen: int,
    by: str,
    at: datetime,
) -> JobSchedule:
    """Say when something is done; what a schedule before it expected until now stays expected.

    Args:
        organization: whose.
        work: what; a connection exists.
        schedule: from now on; one that was paused goes on.
        seen: the version that is changed; 0 for none.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: the connection is retired.
    """
    lock(organization)
    row = _row(organization, work, at=at)
    refuse_stale(row, f"the schedule of {work.subject}", seen=seen)
    wanted = schedule_content(schedule)
    if row.pk and row.plan == wanted and not row.paused_reason:
        return row
    if row.pk:
        expect(row, at=at)
    before, after = difference(
        row.plan | ({"paused": row.paused_reason} if row.paused_reason else {}),
        wanted | ({"paused": ""} if row.paused_reason else {}),
    )
    row.plan, row.paused_reason = wanted, ""
    _from_now(row, by=by, at=at)
    record(
        log=organization.log,
        act="schedule.set",
        by=by,
        at=at,
        subject=work.subject,
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def pause_schedule(
    *, organization: Organization, work: Work, reason: str, seen: int, by: str, at: datetime
) -> JobSchedule:
    """Do something no more by itself for now, for a reason that the auditor can read.

    Args:
        organization: whose.
        work: what; it has a schedule.
        reason: why; not empty.
        seen: the version that is paused.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: there is no schedule that goes on, or no reason that can be read;
            or the connection is retired.
    """
    lock(organization)
    row = _row(organization, work, at=at)
    refuse_stale(row, f"the schedule of {work.subject}", seen=seen)
    reader = Reader({"reason": reason}, SLUG)
    said = reader.text("reason", needed="say why it is not done by itself")
    if not row.pk or row.paused_reason:
        reader.problem("reason", "no schedule of it goes on", "there is nothing to pause")
    if reader.problems:
        raise ConnectionNotKeptError(reader.problems)
    expect(row, at=at)
    row.paused_reason = said
    _from_now(row, by=by, at=at)
    record(
        log=organization.log,
        act="schedule.paused",
        by=by,
        at=at,
        subject=work.subject,
        after={"reason": said},
    )
    return row


def _row(organization: Organization, work: Work, *, at: datetime) -> JobSchedule:
    """Return the schedule of work, or one that is not kept yet.

    Raises:
        ConnectionNotKeptError: the connection is retired.
    """
    connection = connection_of(organization, work)
    found = JobSchedule.objects.filter(organization=organization, subject=work.subject).first()
    return found or JobSchedule(
        organization=organization,
        kind=work.kind.value,
        subject=work.subject,
        what=work.what,
        connection=connection,
        plan={},
        expected_until=at,
        version=0,
    )


def _from_now(row: JobSchedule, *, by: str, at: datetime) -> None:
    """Keep a schedule whose moments count from now on."""
    schedule, _ = read_schedule(row.plan)
    row.expected_until = max(row.expected_until, at)
    spread = offset_of(f"{row.organization.log} {row.subject}", schedule.every)
    row.offset_seconds = int(spread.total_seconds())
    paused = bool(row.paused_reason)
    row.next_at = None if paused else next_moment(schedule, row.expected_until, spread)
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
