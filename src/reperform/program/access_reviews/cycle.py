"""When access to a system must be reviewed again."""

from dataclasses import dataclass
from datetime import date

from reperform.base.months import add_months


@dataclass(frozen=True, slots=True)
class Cycle:
    """When a system must be reviewed.

    Attributes:
        asset: its number.
        name: its name.
        months: at most so many between two reviews; None while nobody decided.
        reviewed_on: the last day on which a review of it was finished; None for never.
        due_on: the last day for the next one; None while that cannot be said.
        is_overdue: that day is past.
    """

    asset: int
    name: str
    months: int | None
    reviewed_on: date | None
    due_on: date | None
    is_overdue: bool


def cycle_of(
    asset: int,
    name: str,
    months: int | None,
    *,
    since: date | None,
    reviewed_on: date | None,
    today: date,
) -> Cycle:
    """Return when a system must be reviewed: some months after its last review, or its first day.

    A system that was never reviewed and whose first day nobody knows is due today.
    """
    begin = reviewed_on or since
    due = None
    if months:
        due = add_months(begin, months) if begin else today
    return Cycle(asset, name, months, reviewed_on, due, due is not None and due < today)
