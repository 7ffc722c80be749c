"""Occurrences: when a periodic control was due in a period, and which evidence fills it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.testing.outcome import Outcome

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


def expected_occurrences(frequency: str, period: Period) -> tuple[Occurrence, ...]:
    """Return the windows of the calendar in `period`: days, ISO weeks, months, quarters, years.

    A window that the period cuts counts only when at least half of its days lie in the period,
    and is then due on its last day within it.  Source: a rule of this project; firms differ.

    Raises:
        UnknownFrequencyError: `frequency` is not one of FREQUENCIES.

    >>> [str(o.due_on) for o in expected_occurrences("quarterly", Period.parse(
    ...     "2025-08-01..2026-01-31"))]
    ['2025-09-30', '2025-12-31']
    """
    if frequency not in FREQUENCIES:
        raise UnknownFrequencyError(
            f"no occurrences were computed: {frequency!r} is not a frequency",
            why="Without due dates a missing occurrence would not show.",
            todo=f"write one of {', '.join(FREQUENCIES)}",
        )
    found: list[Occurrence] = []
    first = _window_start(frequency, period.first)
    while first <= period.last:
        following = _next_start(frequency, first)
        inside = (min(following - _DAY, period.last) - max(first, period.first)).days + 1
        if 2 * inside >= (following - first).days:
            found.append(
                Occurrence(
                    number=len(found) + 1,
                    first_on=max(first, period.first),
                    due_on=min(following - _DAY, period.last),
                )
            )
        first = following
    return tuple(found)


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


def match_occurrences(
    occurrences: Sequence[Occurrence], performed_on: Sequence[date], *, grace_days: int
) -> tuple[tuple[Occurrence, Outcome, date | None], ...]:
    """Return each occurrence with its outcome and the day it was performed.

    An occurrence takes the first day not yet taken in its window.  With none there, it takes the
    first such day after it: within `grace_days` that passes, later it deviates.  A second
    performance in one window fills no later hole.  Nothing at all is a deviation.
    """
    free = sorted(performed_on)
    matched: list[tuple[Occurrence, Outcome, date | None]] = []
    for number, occurrence in enumerate(occurrences):
        following = occurrences[number + 1 :][:1]
        end = following[0].due_on if following else date.max
        within = [day for day in free if occurrence.first_on <= day <= occurrence.due_on]
        late = [day for day in free if occurrence.due_on < day <= end]
        if within:
            matched.append((occurrence, Outcome.PASS, within[0]))
        elif late and (len(late) > 1 or not following):
            # The only performance of the next window belongs to that window, not to this hole.
            is_in_grace = (late[0] - occurrence.due_on).days <= grace_days
            outcome = Outcome.PASS if is_in_grace else Outcome.DEVIATION
            matched.append((occurrence, outcome, late[0]))
            free.remove(late[0])
        else:
            matched.append((occurrence, Outcome.DEVIATION, None))
        free = [day for day in free if day > occurrence.due_on]
    return tuple(matched)
