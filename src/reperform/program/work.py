"""What one person must do: things with a day, from every part of the program.

Each part offers its own items, see `program.queries.work`; a page, an operation and a reminder
show the same list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that somebody must do.

    Attributes:
        kind: what it is, in a word or two that begin a line: `Policy to accept`.
        what: what is to be done, as a person reads it.
        due_on: the last day on which it is in time; None when it has no day.
        page: name of the page on which it is done, as in `policy`.
        key: what that page's address needs, as the number of a policy; empty for none.
    """

    kind: str
    what: str
    due_on: date | None
    page: str
    key: str = ""

    def is_late(self, today: date) -> bool:
        """Return whether its day is past."""
        return self.due_on is not None and self.due_on < today


def in_order(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items in the order of their days; those without a day last.

    >>> first, last = Item("Task", "a", None, "task"), Item("Task", "b", date(2026, 1, 1), "task")
    >>> [each.what for each in in_order([first, last])]
    ['b', 'a']
    """
    return tuple(sorted(items, key=lambda each: (each.due_on or date.max, each.kind, each.what)))
