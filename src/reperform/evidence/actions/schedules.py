"""Deciding when a connection is asked by itself."""

from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.evidence.actions.expecting import expect
from reperform.evidence.connection import ConnectionNotKeptError
from reperform.evidence.models import Connection, ConnectionSchedule
from reperform.evidence.schedule import SLUG, Schedule, next_moment, read_schedule, schedule_content
from reperform.ledger.actions import record
from reperform.program.actions.rows import difference, lock, refuse_stale


@transaction.atomic
def set_schedule(
    *,
    organization: Organization,
    number: int,
    schedule: Schedule,
    seen: int,
    by: str,
    at: datetime,
) -> ConnectionSchedule:
    """Say when a connection is asked; what a schedule before it expected until now stays expected.

    Args:
        organization: whose source it is.
        number: of the connection, which exists.
        schedule: from now on; one that was paused asks again.
        seen: the version that is changed; 0 for none.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: the connection is retired.
    """
    lock(organization)
    connection = _in_use(organization, number)
    row = _row(connection, at=at)
    refuse_stale(row, f"the schedule of connection {number}", seen=seen)
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
        subject=f"connection {number}",
        before=before,
        after=after,
    )
    return row


@transaction.atomic
def pause_schedule(
    *, organization: Organization, number: int, reason: str, seen: int, by: str, at: datetime
) -> ConnectionSchedule:
    """Ask a connection no more by itself for now, for a reason that the auditor can read.

    Args:
        organization: whose source it is.
        number: of the connection, which has a schedule.
        reason: why; not empty.
        seen: the version that is paused.
        by: who decides.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        ConnectionNotKeptError: there is no schedule that asks, or no reason that can be read.
    """
    lock(organization)
    row = _row(_in_use(organization, number), at=at)
    refuse_stale(row, f"the schedule of connection {number}", seen=seen)
    reader = Reader({"reason": reason}, SLUG)
    said = reader.text("reason", needed="say why it is not asked by itself")
    if not row.pk or row.paused_reason:
        reader.problem("reason", "no schedule asks this connection", "there is nothing to pause")
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
        subject=f"connection {number}",
        after={"reason": said},
    )
    return row


def _in_use(organization: Organization, number: int) -> Connection:
    """Return a connection that is not retired.

    Raises:
        ConnectionNotKeptError: it is.
    """
    connection = Connection.objects.get(organization=organization, number=number)
    if connection.retired_on:
        what = Problem("connection", f"{number} is retired", "make another one", SLUG)
        raise ConnectionNotKeptError([what])
    return connection


def _row(connection: Connection, *, at: datetime) -> ConnectionSchedule:
    """Return the schedule of a connection, or one that is not kept yet."""
    found = ConnectionSchedule.objects.filter(connection=connection).first()
    return found or ConnectionSchedule(connection=connection, plan={}, expected_until=at, version=0)


def _from_now(row: ConnectionSchedule, *, by: str, at: datetime) -> None:
    """Keep a schedule whose moments count from now on."""
    schedule, _ = read_schedule(row.plan)
    row.expected_until = max(row.expected_until, at)
    row.next_at = None if row.paused_reason else next_moment(schedule, row.expected_until)
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
