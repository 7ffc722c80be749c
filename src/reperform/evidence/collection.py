"""What is kept of one run of one question."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, Any

from reperform.evidence.blobs import Opens


class CollectionOutcome(StrEnum):
    """How a collection ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer: what was asked, and the blob that holds what came back.

    `blob` is empty when the answer was refused or there was nothing to ask.
    """

    name: str
    asked: str
    refused: str
    absent: str
    blob: str
    size: int


@dataclass(frozen=True, slots=True)
class Collection:
    """One run of one question.

    Attributes:
        stream: the source's name.
        sequence: number of the run in its stream, from 1 without a gap.
        target: what was asked.
        parameters: what narrowed the question.
        asked_by: who asked, and with which program.
        started_at: UTC, before the first byte was asked for.
        ended_at: UTC, after the last byte was kept.
        outcome: complete, partial, refused.
        reason: what was refused, in words; empty when complete.
        answers: in the order in which they came.
    """

    stream: str
    sequence: int
    target: str
    parameters: Mapping[str, str]
    asked_by: str
    started_at: datetime
    ended_at: datetime
    outcome: CollectionOutcome
    reason: str
    answers: tuple[StoredAnswer, ...]

    def as_record(self) -> dict[str, Any]:
        """Return the collection as JSON values; times as ISO 8601 in UTC."""
        return asdict(self) | {
            "parameters": dict(self.parameters),
            "outcome": self.outcome.value,
            "started_at": self.started_at.isoformat(),
            "ended_at": self.ended_at.isoformat(),
            "answers": [asdict(answer) for answer in self.answers],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Collection":
        """Return the collection that a record holds.

        Raises:
            KeyError, TypeError, ValueError: the record is not one that `as_record` made.
        """
        return cls(
            **{
                **record,
                "outcome": CollectionOutcome(record["outcome"]),
                "started_at": datetime.fromisoformat(record["started_at"]),
                "ended_at": datetime.fromisoformat(record["ended_at"]),
                "answers": tuple(StoredAnswer(**answer) for answer in record["answers"]),
            }
        )


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A stored answer together with the store that has its bytes: what shaping reads."""

    answer: StoredAnswer
    store: Opens

    @property
    def name(self) -> str:
        """Which part of the question this answers."""
        return self.answer.name

    @property
    def asked(self) -> str:
        """The exact request."""
        return self.answer.asked

    @property
    def refused(self) -> str:
        """Why the source would not say; empty when it did."""
        return self.answer.refused

    @property
    def absent(self) -> str:
        """How we know that there was nothing to ask; empty otherwise."""
        return self.answer.absent

    @property
    def blob(self) -> str:
        """SHA-256 of the blob file; empty when refused or absent."""
        return self.answer.blob

    def open(self) -> IO[bytes]:
        """Open the answer's bytes."""
        return self.store.open(self.answer.blob)
