"""Questions put to a source, and its answers byte for byte."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, NamedTuple, Protocol

from reperform.base.refusal import RefusalError
from reperform.base.table import Cover, TableSpec


class NotCollectedError(RefusalError):
    """A source did not answer to the end: nothing of the question is kept."""

    slug = "not-collected"


class NotReadError(ValueError):
    """A file is not whole, or not of the form that it should be of; the text says what it is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as it came.

    Attributes:
        name: which part of the question this answers, such as `commit-objects`.
        asked: the exact request: an argument vector, a path, an address.
        body: the bytes in order.  Iterating may raise NotCollectedError; or NotReadError, and the
            answer is refused with its text: nothing of its bytes stays.
        refused: why the source would not say, such as `permission denied: /etc/shadow`;
            empty when it answered in full.  A refused answer has an empty body.
        absent: how we know that there is nothing to ask, such as `no SSH server is installed`;
            empty otherwise.  Absent is a fact; refused is a lack of one.
        size: bytes that the body will have, where that is known before it is read: what the disk
            does not hold is refused before it begins.
    """

    name: str
    asked: str
    body: Iterable[bytes] = ()
    refused: str = ""
    absent: str = ""
    size: int = 0


class Kept(Protocol):
    """An answer after it was stored: what shaping reads."""

    @property
    def name(self) -> str:
        """As `Answer.name`."""

    @property
    def asked(self) -> str:
        """As `Answer.asked`."""

    @property
    def refused(self) -> str:
        """As `Answer.refused`."""

    @property
    def absent(self) -> str:
        """As `Answer.absent`."""

    @property
    def blob(self) -> str:
        """SHA-256 of the blob file, 64 hexadecimal digits; empty when refused or absent."""

    def open(self) -> IO[bytes]:
        """Open the answer's bytes (without the salt) from their beginning."""


class Row(NamedTuple):
    """One row for a declared table.

    Attributes:
        table: the table's name.
        values: a JSON-able value for each column that is known.  A column left out is NULL.
            Dates are `2026-07-31`, timestamps `2026-07-31 23:59:59` in UTC.
        blob: digest of the blob that it was read from.
        at: byte offset in that blob's content.
        event: the source's own name of what happened; empty when it has none.  Of the rows of one
            collection and table with the same one, a single row is kept: sources repeat themselves,
            and no connector can remember every event of a night.
        rank: which of them is kept: the highest, and of these the first.  It takes the place of
            the first of all.
    """

    table: str
    values: Mapping[str, Any]
    blob: str
    at: int
    event: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One stream of collections: how its answers become tables, and what they cover.

    Attributes:
        stream: its name, such as `git/history`.
        tables: the tables that `shape` fills.
        shape: kept answers -> rows.  Pure: the same bytes give the same rows in the same order.
            Answers may be missing, refused or hostile, and of any size: what it holds at once must
            not grow with them.
        covers: kept answers and the moment the collection began (UTC) -> table name -> Cover.
            A table whose answer was refused gets `Cover(None, None, reason)`.  `ByDays` where the
            days are those of the rows.
        blind: what this source cannot see, in one sentence.
    """

    stream: str
    tables: tuple[TableSpec, ...]
    shape: Callable[[Sequence[Kept]], Iterator[Row]]
    covers: Callable[[Sequence[Kept], datetime], Mapping[str, Cover]]
    blind: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question ready to be asked.

    Attributes:
        stream: the `Source.stream` whose shaping reads the answers.
        target: what is asked, such as a path or `example.org:443`.
        parameters: what narrows the question, recorded with the collection.
        ask: puts the question.  Lazily: nothing is asked before the first answer is taken,
            and an answer's body must be read before the next answer is taken.
            Raises NotCollectedError when the whole question fails.
    """

    stream: str
    target: str
    ask: Callable[[], Iterator[Answer]]
    parameters: Mapping[str, str] = field(default_factory=dict)
