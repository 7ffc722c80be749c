"""Which collections are the evidence of a period: pure, so that it can be chosen again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reperform.base.period import Period
from reperform.evidence.outcome import RunOutcome

Days = tuple[date | None, date | None]
"""First and last day that a table of a collection vouches for, see `Cover`."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A collection that ended, as the ledger and the database know it.

    Attributes:
        stream: its stream.
        target: what was asked.
        sequence: its number in the stream.
        outcome: how it ended.
        is_used: whether its rows are evidence.
        record: digest of its record.
        days: of each of its tables.
    """

    stream: str
    target: str
    sequence: int
    outcome: RunOutcome
    is_used: bool
    record: str
    days: tuple[Days, ...]

    @property
    def place(self) -> tuple[str, str]:
        """What is asked, and of whom."""
        return self.stream, self.target


def choose(
    ended: Iterable[Ended], *, cursors: Mapping[str, bool], period: Period
) -> tuple[Ended, ...]:
    """Return the evidence of a period, by stream and number.

    Of a stream that moves a cursor, every collection that is used and says something of the
    period; of a snapshot, the newest of each target.  Where there is none, the newest that was
    refused, which says why.

    Args:
        ended: collections that ended, in any order; of abandoned ones nothing is evidence.
        cursors: stream -> whether it moves a cursor.
        period: the days under examination.
    """
    whole: list[Ended] = []
    newest: dict[tuple[str, str], Ended] = {}
    silent: dict[tuple[str, str], Ended] = {}
    for each in sorted(ended, key=lambda each: (each.stream, each.sequence)):
        if each.is_used and any(_says(days, period) for days in each.days):
            if cursors[each.stream]:
                whole.append(each)
            else:
                newest[each.place] = each
        elif each.outcome is RunOutcome.REFUSED and each.record:
            silent[each.place] = each
    chosen = [*whole, *newest.values()]
    places = {each.place for each in chosen}
    chosen += [each for place, each in silent.items() if place not in places]
    return tuple(sorted(chosen, key=lambda each: (each.stream, each.sequence)))


def _says(days: Days, period: Period) -> bool:
    first, last = days
    return last is not None and last >= period.first and (first is None or first <= period.last)


def ended_of(said: Mapping[str, Any], target: str) -> Ended:
    """Return the collection that an entry of the trail says ended.

    Args:
        said: what the entry says after the act.
        target: as the entry of its start has it.

    Raises:
        KeyError, ValueError, TypeError: the entry says no days: an earlier release made it.
    """
    return Ended(
        stream=said["stream"],
        target=target,
        sequence=said["sequence"],
        outcome=RunOutcome(said["outcome"]),
        is_used=said["is_used"],
        record=said["record"],
        days=tuple((_day(first), _day(last)) for first, last in said["days"].values()),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
