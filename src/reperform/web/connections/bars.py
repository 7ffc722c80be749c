"""The days that a table is evidenced, as a bar: web/connections/coverage.html draws it."""

from datetime import date
from typing import NamedTuple

from reperform.base.period import Period
from reperform.testing.coverage import TableDays


class Hole(NamedTuple):
    """A gap as the bar draws it: days from the beginning of the period, and how many."""

    start: int
    days: int
    is_partly: bool


class Bar(NamedTuple):
    """A table's days, and its gaps as the bar draws them."""

    table: TableDays
    holes: list[Hole]


def bar(table: TableDays, period: Period) -> Bar:
    """Return a table's days as a bar of the period."""
    holes = [
        Hole(_at(gap.first, period), (gap.last - gap.first).days + 1, gap.also_seen)
        for gap in table.gaps
    ]
    return Bar(table, holes)


def _at(day: date, period: Period) -> int:
    return (day - period.first).days
