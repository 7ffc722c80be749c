"""The acts of collecting, as the ledger names them, and what they say when read back."""

from collections.abc import Iterable
from typing import Any

from reperform.base.canonical import sha256_hex
from reperform.evidence.blobs import Blob
from reperform.evidence.collection import Collection
from reperform.ledger.statement import Statement

STARTED = "urn:reperform:collection-started:v1"
ENDED = "urn:reperform:collection-ended:v1"
ABANDONED = "urn:reperform:collection-abandoned:v1"


def stream_subject(stream: str) -> dict[str, str]:
    """Return the subject of an entry about a stream: in-toto wants one, so the name is digested."""
    return {"stream": sha256_hex(stream.encode())}


def run_of(statement: Statement) -> tuple[str, int]:
    """Return stream and number of the collection that an act is about."""
    return str(statement.predicate.get("stream")), int(statement.predicate.get("sequence", 0))


def unfinished_runs(statements: Iterable[Statement]) -> list[tuple[str, int]]:
    """Return stream and number of each collection that began, but never ended or was abandoned."""
    begun: dict[tuple[str, int], None] = {}
    for statement in statements:
        if statement.kind == STARTED:
            begun[run_of(statement)] = None
        elif statement.kind in (ENDED, ABANDONED):
            begun.pop(run_of(statement), None)
    return list(begun)


def ended_predicate(collection: Collection) -> dict[str, Any]:
    """Return what the entry of an ended collection says: no person, no target."""
    return {
        "stream": collection.stream,
        "sequence": collection.sequence,
        "started_at": collection.started_at.isoformat(),
        "ended_at": collection.ended_at.isoformat(),
        "outcome": collection.outcome.value,
        "answers": len(collection.answers),
        "bytes": sum(answer.size for answer in collection.answers),
    }


def ended_subjects(collection: Collection, record: Blob) -> dict[str, str]:
    """Return the digests of the record and of every blob of an ended collection."""
    blobs = sorted({answer.blob for answer in collection.answers if answer.blob})
    return {"record": record.sha256} | {f"blob/{number}": sha for number, sha in enumerate(blobs)}
