"""When an item of a checklist is due, and who does it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from reperform.program.checklists import THE_MANAGER, THE_PERSON, ChecklistItem

_SATURDAY = 5


def due_day(event_on: date, item: ChecklistItem) -> date:
    """Return the last day on which an item is in time.

    Working days are Monday to Friday; holidays are not known.

    >>> due_day(date(2026, 8, 7), ChecklistItem("x", "y", days=1, is_working_days=True))
    datetime.date(2026, 8, 10)
    """
    if not item.is_working_days:
        return event_on + timedelta(days=item.days)
    day, step = event_on, timedelta(days=1 if item.days > 0 else -1)
    left = abs(item.days)
    while left:
        day += step
        left -= day.weekday() < _SATURDAY
    return day


def doer(
    does: str, *, person: int, manager: int | None, holders: Mapping[str, Sequence[int]]
) -> int | None:
    """Return who does an item; None when nobody can be named without a guess.

    Args:
        does: as the checklist says it.
        person: whose checklist it is.
        manager: to whom they report; None for nobody.
        holders: who holds a position on that day, by its name in small letters.
    """
    if does == THE_PERSON:
        return person
    if does == THE_MANAGER:
        return manager
    found = holders.get(does.casefold(), ())
    return found[0] if len(found) == 1 else None
