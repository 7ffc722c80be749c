"""Populations that auditors ask for: everybody who joined, left or moved in a period."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reperform.base.period import Period


class Population(StrEnum):
    """Which events of a period are listed."""

    JOINERS = "joiners"
    LEAVERS = "leavers"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Member:
    """One event of a population.

    Attributes:
        person: number of the person.
        name: of the person.
        email: of the person.
        day: on which it took effect.
        kind: of contract from then on; of a leaver, what it was.
        position: likewise.
        department: likewise.
        manager: name of whom they report to; empty for nobody.
        before: of a move, what they were, in words; empty for others.
        access: of a leaver, the day on which the last access was removed; None for not yet, and
            for others.
        access_due: of a leaver, the last day on which that was in time; None when no checklist
            asks for it.
    """

    person: int
    name: str
    email: str
    day: date
    kind: str
    position: str
    department: str
    manager: str
    before: str = ""
    access: date | None = None
    access_due: date | None = None


def stated(population: Population, period: Period, count: int) -> str:
    """Return what a list is, so that it can never be read as another, or as incomplete.

    >>> stated(Population.LEAVERS, Period(date(2026, 1, 1), date(2026, 6, 30)), 0)
    'leavers from 2026-01-01 to 2026-06-30: none, the list is empty'
    """
    many = f"{count} in all" if count else "none, the list is empty"
    return f"{population.value} from {period.first} to {period.last}: {many}"
