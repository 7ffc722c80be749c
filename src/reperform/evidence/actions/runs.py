"""A run of a connection: begun, ended, or found abandoned."""

from datetime import datetime

from django.db import transaction

from reperform.evidence.folders import run_goes_on
from reperform.evidence.models import CollectionRecord, Connection, Run
from reperform.evidence.outcome import RunOutcome
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock

_MOST = 4_000
_STOPPED = "the program was stopped before it ended"


@transaction.atomic
def begin_run(*, connection: Connection, by: str, at: datetime) -> Run:
    """Record that a connection is about to be asked; the caller holds it, see `folders.held`.

    Args:
        connection: that is asked.
        by: who asks.
        at: when.

    Raises:
        RunGoesOnError: the one before it has not ended.
    """
    lock(connection.organization)
    if connection.runs.filter(ended_at=None).exists():
        raise run_goes_on(connection.number)
    latest = connection.runs.order_by("-number").values_list("number", flat=True).first() or 0
    run = Run.objects.create(connection=connection, number=latest + 1, asked_by=by, started_at=at)
    record(
        log=connection.organization.log,
        act="run.started",
        by=by,
        at=at,
        subject=f"connection {connection.number}",
        after={"run": run.number},
    )
    return run


@transaction.atomic
def end_run(*, run: Run, outcome: RunOutcome, reason: str, by: str, at: datetime) -> Run:
    """Record how a run ended; one that has ended stays as it is.

    Args:
        run: that goes on.
        outcome: of all its questions.
        reason: what was not answered, and why; empty when everything was.
        by: who asked.
        at: when.
    """
    connection = run.connection
    lock(connection.organization)
    run.refresh_from_db()
    if run.ended_at:
        return run
    run.outcome, run.reason, run.ended_at = outcome.value, reason[:_MOST], at
    run.save()
    record(
        log=connection.organization.log,
        act="run.ended",
        by=by,
        at=at,
        subject=f"connection {connection.number}",
        after={"run": run.number, "outcome": run.outcome, "reason": run.reason},
    )
    return run


@transaction.atomic
def abandon_open(
    *, connection: Connection, reason: str = _STOPPED, by: str, at: datetime
) -> list[CollectionRecord]:
    """Record that the run which goes on according to the rows does not; the caller holds it.

    Returns the collections that had begun: their folders hold what nothing names, and can go.
    """
    lock(connection.organization)
    log = connection.organization.log
    left = []
    for run in Run.objects.filter(connection=connection, ended_at=None):
        for each in run.collections.filter(ended_at=None):
            each.outcome, each.reason, each.ended_at = RunOutcome.ABANDONED.value, reason, at
            each.save()
            record(
                log=log,
                act="collection.abandoned",
                by=by,
                at=at,
                subject=f"connection {connection.number}",
                after={"stream": each.stream, "sequence": each.sequence, "reason": reason},
            )
            left.append(each)
        run.outcome, run.reason, run.ended_at = RunOutcome.ABANDONED.value, reason, at
        run.save()
        record(
            log=log,
            act="run.abandoned",
            by=by,
            at=at,
            subject=f"connection {connection.number}",
            after={"run": run.number, "reason": reason},
        )
    return left
