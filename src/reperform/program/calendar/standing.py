"""How a control stands in a period: what was done, what was not, and what comes next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.period import Period
from reperform.program.calendar.year import DEVIATIONS, OPEN, Window, WindowState, Year

MOST_NAMED = 12
_GRAVITY = {state: place for place, state in enumerate(WindowState)}


@dataclass(frozen=True, slots=True)
class Month:
    """What was due in one month of a period; no state when nothing was."""

    first: date
    counts: Mapping[WindowState, int]

    @property
    def state(self) -> WindowState | None:
        """The gravest state of its windows."""
        return min(self.counts, key=_GRAVITY.__getitem__, default=None)

    @property
    def said(self) -> str:
        """The counts in words."""
        parts = [
            f"{self.counts[state]} {state.value}" for state in WindowState if state in self.counts
        ]
        return ", ".join(parts) or "nothing due"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a control stands.

    Attributes:
        counts: how many windows there are of each state.
        months: of the period, in order.
        open: what somebody has to do now, at most `MOST_NAMED`, the earliest first.
        following: the next window that has not begun; None for none.
        missed: the due days of what was missed, at most `MOST_NAMED`, the earliest first.
        late: how often it was late, and by how many days at most.
        spare: how many entries fill no window.
    """

    counts: Mapping[WindowState, int]
    months: tuple[Month, ...]
    open: tuple[Window, ...]
    following: Window | None
    missed: tuple[date, ...]
    latest: int
    spare: int

    def count(self, state: WindowState) -> int:
        """Return how many windows are so."""
        return self.counts.get(state, 0)

    @property
    def so_far(self) -> int:
        """How many were due until now, those that are still open in time left out."""
        return sum(self.count(each) for each in (WindowState.DONE, *DEVIATIONS))

    @property
    def done(self) -> int:
        """How many of these were done, late ones too."""
        return self.count(WindowState.DONE) + self.count(WindowState.DONE_LATE)

    @property
    def state(self) -> WindowState | None:
        """The gravest state; None when nothing is expected in the period."""
        return min(self.counts, key=_GRAVITY.__getitem__, default=None)


def standing_of(year: Year, period: Period) -> Standing:
    """Return how a control stands in a period."""
    windows = year.windows
    return Standing(
        counts=Counter(each.state for each in windows),
        months=tuple(_months(windows, period)),
        open=tuple(each for each in windows if each.state in OPEN)[:MOST_NAMED],
        following=next((each for each in windows if each.state is WindowState.TO_COME), None),
        missed=tuple(e.slot.due_on for e in windows if e.state is WindowState.MISSED)[:MOST_NAMED],
        latest=max((each.days_late for each in windows), default=0),
        spare=len(year.spare),
    )


def months_of(period: Period) -> Iterator[date]:
    """Yield the first day of each month that has a day in the period."""
    day = period.first.replace(day=1)
    while day <= period.last:
        yield day
        day = (day + timedelta(days=31)).replace(day=1)


def _months(windows: Sequence[Window], period: Period) -> Iterator[Month]:
    counted: dict[date, Counter[WindowState]] = {first: Counter() for first in months_of(period)}
    for each in windows:
        counted[each.slot.due_on.replace(day=1)][each.state] += 1
    for first, counts in counted.items():
        yield Month(first, counts)
