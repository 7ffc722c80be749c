"""Who reports to whom, over time: nobody may come to report to themselves, on any day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Span:
    """To whom somebody reports from one day to another; `until` is None for good."""

    person: int
    from_day: date
    until: date | None
    manager: int | None

    def covers(self, day: date) -> bool:
        """Return whether it holds on `day`."""
        return self.from_day <= day and (self.until is None or day <= self.until)


def ends(starts: Iterable[date]) -> dict[date, date | None]:
    """Return the last day of each posting of one person, by its first day.

    >>> ends([date(2026, 3, 1), date(2025, 1, 1)])[date(2025, 1, 1)]
    datetime.date(2026, 2, 28)
    """
    days = sorted(starts)
    before = {day: after - timedelta(days=1) for day, after in pairwise(days)}
    return {day: before.get(day) for day in days}


def find_circle(
    person: int, spans: Mapping[int, Iterable[Span]]
) -> tuple[date, tuple[int, ...]] | None:
    """Return the first day on which somebody would report to themselves, and the way there.

    Args:
        person: whose reporting was changed; nobody else's was, so a circle goes through them.
        spans: of them and of everybody above them, by number.

    Returns:
        The day and the numbers from the person back to them; None when there is no circle.
    """
    own = [each for each in spans.get(person, ()) if each.manager is not None]
    changes = {each.from_day for many in spans.values() for each in many}
    for span in sorted(own, key=lambda each: each.from_day):
        for day in sorted({span.from_day, *(day for day in changes if span.covers(day))}):
            way = _way(person, day, spans)
            if way:
                return day, way
    return None


def _way(person: int, day: date, spans: Mapping[int, Iterable[Span]]) -> tuple[int, ...]:
    way, at = [person], person
    while True:
        above = next((each.manager for each in spans.get(at, ()) if each.covers(day)), None)
        if above is None or (above in way and above != person):
            return ()
        way.append(above)
        if above == person:
            return tuple(way)
        at = above
