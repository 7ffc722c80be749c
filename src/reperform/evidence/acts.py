"""The acts of collecting, as the ledger names them, and what they say when read back."""

from collections.abc import Iterable

from reperform.base.canonical import sha256_hex
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
