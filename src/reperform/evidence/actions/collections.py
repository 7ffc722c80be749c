"""One collection of a run: begun before the first byte is asked for, ended after the last."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from reperform.connectors.answer import Question
from reperform.evidence.blobs import Blob
from reperform.evidence.followed import Followed
from reperform.evidence.models import CollectedTable, CollectionRecord, Run
from reperform.evidence.outcome import RunOutcome
from reperform.ledger.actions import record
from reperform.program.actions.rows import lock

_MOST = 4_000


@transaction.atomic
def begin_collection(
    *, run: Run, question: Question, cursor: str, by: str, at: datetime
) -> CollectionRecord:
    """Record that a question is about to be asked, under the next number of its stream.

    Args:
        run: that it belongs to.
        question: without secrets, see `discreet`.
        cursor: where it goes on; empty for a snapshot, and the first time.
        by: who asks.
        at: when.
    """
    connection = run.connection
    organization = connection.organization
    lock(organization)
    begun = CollectionRecord.objects.filter(organization=organization, stream=question.stream)
    row = CollectionRecord.objects.create(
        run=run,
        organization=organization,
        connection=connection,
        stream=question.stream,
        sequence=1 + (begun.aggregate(latest=Max("sequence"))["latest"] or 0),
        target=question.target,
        started_at=at,
        cursor_before=cursor,
    )
    record(
        log=organization.log,
        act="collection.started",
        by=by,
        at=at,
        subject=f"connection {connection.number}",
        after={
            "run": run.number,
            "stream": row.stream,
            "sequence": row.sequence,
            "target": row.target,
            "parameters": dict(question.parameters),
        },
    )
    return row


@transaction.atomic
def end_collection(
    *, row: CollectionRecord, followed: Followed, kept: Blob, by: str, at: datetime
) -> CollectionRecord:
    """Record what came of a question, and move the cursor with it: both or neither.

    One that has ended stays as it is.

    Args:
        row: that goes on.
        followed: what came of it.
        kept: the blob of the collection's whole record.
        by: who asked.
        at: when.
    """
    collection, connection = followed.collection, row.connection
    lock(row.organization)
    row.refresh_from_db(fields=["ended_at"])
    if row.ended_at:
        return row
    row.ended_at = collection.ended_at
    row.outcome = RunOutcome(collection.outcome.value).value
    row.reason = followed.reason[:_MOST]
    row.answers = len(collection.answers)
    row.bytes = sum(answer.size for answer in collection.answers)
    row.record_sha256 = kept.sha256
    row.cursor, row.is_used = followed.cursor, followed.is_used
    row.save()
    tables = _tables(row, followed)
    CollectedTable.objects.bulk_create(tables)
    record(
        log=row.organization.log,
        act="collection.ended",
        by=by,
        at=at,
        subject=f"connection {connection.number}",
        after={
            "run": row.run.number,
            "stream": row.stream,
            "sequence": row.sequence,
            "outcome": row.outcome,
            "reason": row.reason,
            "answers": row.answers,
            "bytes": row.bytes,
            "record": row.record_sha256,
            "tables": {each.table: [each.rows, each.sha256] for each in tables},
            "days": {each.table: [each.first_day, each.last_day] for each in tables},
            "is_used": row.is_used,
            "cursor_before": row.cursor_before,
            "cursor": row.cursor,
        },
    )
    return row


def _tables(row: CollectionRecord, followed: Followed) -> list[CollectedTable]:
    """Return what is kept of each table; of one that was not shaped, that it has no row."""
    return [
        CollectedTable(
            collection=row,
            connection=row.connection,
            table=name,
            rows=followed.tables[name].rows if name in followed.tables else 0,
            sha256=followed.tables[name].sha256 if name in followed.tables else "",
            first_day=cover.first,
            last_day=cover.last,
            missing=cover.missing,
            is_whole=cover.is_whole,
        )
        for name, cover in followed.covers.items()
    ]
