"""The ledger as the stages that act see it: acts are recorded, sequences counted, heads signed."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reperform.connectors.answer import Question
from reperform.evidence.acts import (
    ABANDONED,
    ENDED,
    STARTED,
    ended_predicate,
    ended_subjects,
    stream_subject,
    unfinished_runs,
)
from reperform.evidence.blobs import Blob, BlobStore, write_durably
from reperform.evidence.collection import Collection
from reperform.ledger.home import home
from reperform.ledger.key import load_or_create_key
from reperform.ledger.log import Log
from reperform.ledger.statement import Statement, open_statement, seal_statement

KEY_NAME = "reperform"


@dataclass(frozen=True, slots=True)
class Head:
    """A signed head of the log: its name, size and root (base64)."""

    origin: str
    size: int
    root: str


class LedgerJournal:
    """Acts in order, in one log.  Use as a context, so that the log is closed."""

    def __init__(self, folder: Path, *, key: Ed25519PrivateKey) -> None:
        """Open the log in `folder`, or begin it under a name of its own."""
        origin = f"reperform/{secrets.token_hex(8)}"
        self._key = key
        self._log = Log(folder, origin=origin, key_name=KEY_NAME, key=key)
        self._folder = folder

    @classmethod
    def open(cls, folder: Path, *, passphrase: bytes | None) -> Self:
        """Open the log in `folder` with this installation's key.

        Raises:
            KeyRefusedError: the key cannot be used.
            HistoryLostError: the log is not what was signed.
        """
        key = load_or_create_key(home() / "log.key", passphrase=passphrase)
        return cls(folder, key=key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._log.close()

    @property
    def verifier_key(self) -> str:
        """The key that verifies the log, as text."""
        return str(self._log.verifier)

    def record(self, kind: str, predicate: Mapping[str, Any], subjects: Mapping[str, str]) -> None:
        """Append one entry, durable before this returns."""
        statement = Statement(kind=kind, predicate=predicate, subjects=subjects)
        self._log.append(seal_statement(statement, name=KEY_NAME, key=self._key))

    def statements(self) -> list[Statement]:
        """Return every statement in order."""
        return [open_statement(entry, self._log.verifier) for entry in self._log.entries()]

    def start(self, question: Question) -> int:
        """Record that a question is about to be asked; return its number in its stream."""
        stream = question.stream
        started = [s.predicate["stream"] for s in self.statements() if s.kind == STARTED]
        sequence = 1 + started.count(stream)
        self.record(STARTED, {"stream": stream, "sequence": sequence}, stream_subject(stream))
        return sequence

    def end(self, collection: Collection, record: Blob) -> None:
        """Record what came of a question."""
        self.record(ENDED, ended_predicate(collection), ended_subjects(collection, record))

    def abandon_unfinished(self, store: BlobStore) -> int:
        """Record that collections which a killed run began were abandoned; return how many.

        Blobs that no entry names go: they belong to answers that were never acknowledged.
        """
        statements = self.statements()
        unfinished = unfinished_runs(statements)
        for stream, sequence in unfinished:
            self.record(ABANDONED, {"stream": stream, "sequence": sequence}, stream_subject(stream))
        named = {sha256 for statement in statements for sha256 in statement.subjects.values()}
        store.sweep()
        for sha256 in set(store) - named:
            store.delete(sha256)
        return len(unfinished)

    def checkpoint(self) -> Head:
        """Sign the log's head, and write it with the tiles and the verifier key."""
        head = self._log.checkpoint()
        write_durably(self._folder / "verifier.key", f"{self.verifier_key}\n".encode())
        return Head(head.origin, head.size, base64.b64encode(head.root).decode())
