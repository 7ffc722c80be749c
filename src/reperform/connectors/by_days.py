"""Events that are covered by the days of their own rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row

Days = tuple[date, date]
"""First and last day (UTC) of the rows of a table."""
OCCURRED = "occurred_at"
"""The column that says when an event happened."""


@dataclass(frozen=True, slots=True)
class ByDays:
    """`Source.covers` of events that are covered by the days of their rows.

    Whoever shapes them knows these days, and need not read large answers twice.

    Attributes:
        shape: as `Source.shape`.
        covers: kept answers and the days of their rows, by table; a table is left out where no
            row has an `occurred_at` -> table name -> Cover.
    """

    shape: Callable[[Sequence[Kept]], Iterator[Row]]
    covers: Callable[[Sequence[Kept], Mapping[str, Days]], Mapping[str, Cover]]

    def __call__(self, answers: Sequence[Kept], _: datetime) -> Mapping[str, Cover]:
        """Return the covers of answers that nobody shaped yet."""
        spans: dict[str, Span] = {}
        for row in self.shape(answers):
            spans.setdefault(row.table, Span()).see([row])
        return self.covers(answers, days_of(spans))


class Span:
    """The first and the last time of rows."""

    __slots__ = ("first", "last")

    def __init__(self) -> None:
        self.first = self.last = ""

    def see(self, rows: Iterable[Row]) -> None:
        """Take up the times of rows."""
        times = [at for row in rows if (at := row.values.get(OCCURRED))]
        if times:
            self.first = min(times) if not self.first else min(self.first, *times)
            self.last = max(self.last, *times)


def days_of(spans: Mapping[str, Span]) -> dict[str, Days]:
    """Return the days of each table that has a row with a time."""
    return {
        table: (date.fromisoformat(span.first[:10]), date.fromisoformat(span.last[:10]))
        for table, span in spans.items()
        if span.first
    }
