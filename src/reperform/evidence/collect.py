"""Collecting: a question is asked, and what comes back is kept before anything is made of it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, NotCollectedError, NotReadError, Question
from reperform.evidence.blobs import Blob, BlobStore
from reperform.evidence.collection import Collection, CollectionOutcome, StoredAnswer

_SPARE = 256 << 20
"""Bytes of the disk that no answer takes: what is recorded of it must be written too."""


class Journal(Protocol):
    """Where collections are recorded in order: the ledger, as this stage sees it."""

    def start(self, question: Question) -> int:
        """Record that a question is about to be asked, durable before this returns.

        Returns the number of the collection in the question's stream, from 1 without a gap.
        """

    def end(self, collection: Collection, record: Blob) -> None:
        """Record what came of it, with the blob of its record, durable before this returns."""


def collect(
    question: Question,
    *,
    store: BlobStore,
    journal: Journal,
    clock: Callable[[], datetime],
    asked_by: str,
) -> tuple[Collection, Blob]:
    """Ask a question to the end, and return the collection and the blob of its record.

    The ledger holds the start before the first byte is asked for, and the end with the digest of
    every blob after the last is durable.  A question that fails is a collection too, refused,
    without answers; the reason is kept.

    Raises:
        OSError: an answer could not be stored, for example because the disk is full.  The ledger
            then holds a start without an end, which is what happened.
    """
    sequence = journal.start(question)
    started_at = clock()
    stored: list[StoredAnswer] = []
    failure = ""
    try:
        for answer in question.ask():
            stored.append(_keep(answer, store))  # noqa: PERF401 - what was kept so far matters
    except NotCollectedError as error:
        failure = str(error)
        for blob in filter(None, (kept.blob for kept in stored)):  # none of what was refused
            store.delete(blob)
        stored = []
    outcome, reason = _judge(stored, failure)
    collection = Collection(
        stream=question.stream,
        sequence=sequence,
        target=question.target,
        parameters=question.parameters,
        asked_by=asked_by,
        started_at=started_at,
        ended_at=clock(),
        outcome=outcome,
        reason=reason,
        answers=tuple(stored),
    )
    record = store.put([canonical_json(collection.as_record())])
    journal.end(collection, record)
    return collection, record


def _keep(answer: Answer, store: BlobStore) -> StoredAnswer:
    blob, refused = Blob("", 0), answer.refused
    if not (refused or answer.absent):
        room = store.room() - _SPARE
        if answer.size > room:
            refused = f"has {answer.size:,} bytes, and the disk has room for {max(room, 0):,}"
        else:
            try:
                blob = store.put(answer.body)
            except NotReadError as error:
                refused = str(error)
    return StoredAnswer(
        name=answer.name,
        asked=answer.asked,
        refused=refused,
        absent=answer.absent,
        blob=blob.sha256,
        size=blob.size,
    )


def _judge(stored: Sequence[StoredAnswer], failure: str) -> tuple[CollectionOutcome, str]:
    if failure:
        return CollectionOutcome.REFUSED, failure
    if not stored:
        return CollectionOutcome.REFUSED, "the source gave no answer at all"
    refused = [f"{answer.name}: {answer.refused}" for answer in stored if answer.refused]
    if not refused:
        return CollectionOutcome.COMPLETE, ""
    everything = len(refused) == len(stored)
    return (
        CollectionOutcome.REFUSED if everything else CollectionOutcome.PARTIAL,
        "; ".join(refused),
    )
