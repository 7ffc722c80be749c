"""How a run of a connection, or a collection of one, ended."""

from enum import StrEnum


class RunOutcome(StrEnum):
    """How a run or a collection ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"
    ABANDONED = "abandoned"
    """The program was stopped in the middle: nothing of it is evidence."""
