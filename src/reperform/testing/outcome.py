"""Outcomes are never two-valued: of an item, and of a test of a control."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a test says of one item."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    DEVIATION = "deviation"
    UNABLE = "unable"


class Conclusion(StrEnum):
    """What a test says of its whole population."""

    NO_EXCEPTIONS = "no exceptions"
    EXCEPTIONS = "exceptions noted"
    DID_NOT_OPERATE = "did not operate"
    UNABLE = "unable to test"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a population, its outcome, and why with facts.  `occurred_at` is UTC."""

    item: str
    outcome: Outcome
    reason: str
    occurred_at: datetime | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of the period, first and last included, for which a table lacks evidence.

    `also_seen` says that some evidence of the days is there: another source of the table covers
    them, or a cover that is not whole does.
    """

    table: str
    first: date
    last: date
    reason: str
    also_seen: bool = False

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1
