"""Occurrences: when something periodic is due in a period, and which performance fills which.

Pure.  The calendar of the program and the tests of controls follow this one rule.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from reperform.base.months import add_months
from reperform.base.period import Period
from reperform.base.refusal import RefusalError

_DAY = timedelta(days=1)
_MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
FREQUENCIES = ("daily", "weekly", *_MONTHS)


class UnknownFrequencyError(RefusalError):
    """A frequency that no calendar has."""

    slug = "unknown-frequency"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that the control was due: its number from 1, and its window, both days included."""

    number: int
    first_on: date
    due_on: date


def expected_occurrences(
    frequency: str, period: Period, *, first_due_on: date | None = None
) -> tuple[Occurrence, ...]:
    """Return the windows in `period`: days, and weeks, months, quarters or years of the calendar.

    A window that the period cuts counts only when at least half of its days lie in the period,
    and is then due on its last day within it.  Source: a rule of this project; firms differ.

    Args:
        frequency: one of FREQUENCIES.
        period: the days that are looked at.
        first_due_on: the day on which the first window ends; each later one ends a week, a month,
            a quarter or a year after it, on the last day of a month that has no such day.  None:
            as the calendar has them, weeks from Monday to Sunday (ISO 8601).

    Raises:
        UnknownFrequencyError: `frequency` is not one of FREQUENCIES.

    >>> [str(o.due_on) for o in expected_occurrences("quarterly", Period.parse(
    ...     "2025-08-01..2026-01-31"))]
    ['2025-09-30', '2025-12-31']
    >>> [str(o.due_on) for o in expected_occurrences("monthly", Period.parse(
    ...     "2025-01-01..2025-03-31"), first_due_on=date(2025, 1, 31))]
    ['2025-01-31', '2025-02-28', '2025-03-31']
    """
    if frequency not in FREQUENCIES:
        raise UnknownFrequencyError(
            f"no occurrences were computed: {frequency!r} is not a frequency",
            why="Without due dates a missing occurrence would not show.",
            todo=f"write one of {', '.join(FREQUENCIES)}",
        )
    found: list[Occurrence] = []
    for first, last in _windows(frequency, period, first_due_on):
        first_in, last_in = max(first, period.first), min(last, period.last)
        if 2 * ((last_in - first_in).days + 1) >= (last - first).days + 1:
            found.append(Occurrence(len(found) + 1, first_in, last_in))
    return tuple(found)


def fill(
    occurrences: Sequence[Occurrence],
    performed_on: Sequence[date],
    *,
    today: date | None = None,
) -> tuple[list[int | None], list[int]]:
    """Return which performance fills each occurrence, and which fill none.

    An occurrence takes the first day not yet taken in its window.  With none there, it takes the
    first such day after it and before the next one is over, unless that is the only day on which
    the next one was done: a second performance in one window fills no later hole, and the one of a
    later window no earlier hole.

    Args:
        occurrences: in order, apart from each other.
        performed_on: in order.
        today: while the next window is still open on it, what was done in it once is the late one
            of the window before: there is time left to do it again.  None: all of them are over.

    Returns:
        For each occurrence a place in `performed_on`, or None; and the places that are left over.
    """
    filled: list[int | None] = []
    place, count = 0, len(performed_on)
    for number, occurrence in enumerate(occurrences):
        following = occurrences[number + 1] if number + 1 < len(occurrences) else None
        while place < count and performed_on[place] < occurrence.first_on:
            place += 1
        after = place
        while after < count and performed_on[after] <= occurrence.due_on:
            after += 1
        if after > place:
            filled.append(place)
            place = after
        elif _is_late(performed_on, after, following, today):
            filled.append(after)
            place = after + 1
        else:
            filled.append(None)
    taken = set(filled)
    return filled, [place for place in range(count) if place not in taken]


def _is_late(
    performed_on: Sequence[date], place: int, following: Occurrence | None, today: date | None
) -> bool:
    """Return whether the performance at `place` is the late one before `following`."""
    if place >= len(performed_on):
        return False
    if following is None or performed_on[place] < following.first_on:
        return True
    if today is not None and following.first_on <= today <= following.due_on:
        return True
    return place + 1 < len(performed_on) and performed_on[place + 1] <= following.due_on


def _windows(
    frequency: str, period: Period, first_due_on: date | None
) -> Iterator[tuple[date, date]]:
    """Yield the whole windows that have a day in the period, as first and last day."""
    if first_due_on is not None and frequency != "daily":
        ends = _ends(frequency, period, first_due_on)
        yield from ((before + _DAY, end) for before, end in pairwise(ends) if end >= period.first)
        return
    first = _window_start(frequency, period.first)
    while first <= period.last:
        following = _next_start(frequency, first)
        yield first, following - _DAY
        first = following


def _ends(frequency: str, period: Period, first_due_on: date) -> Iterator[date]:
    """Yield the last days of windows: the one before the first, then all to the first outside."""
    number = -1
    while True:
        if frequency == "weekly":
            end = first_due_on + timedelta(days=7 * number)
        else:
            end = add_months(first_due_on, number * _MONTHS[frequency])
        yield end
        if end >= period.last:
            return
        number += 1


def _window_start(frequency: str, day: date) -> date:
    if frequency == "daily":
        return day
    if frequency == "weekly":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[frequency]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _next_start(frequency: str, first: date) -> date:
    if frequency in ("daily", "weekly"):
        return first + timedelta(days=1 if frequency == "daily" else 7)
    month = first.month - 1 + _MONTHS[frequency]
    return date(first.year + month // 12, month % 12 + 1, 1)
