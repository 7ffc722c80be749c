"""In which state a policy is on a day, and when it is due."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Of a policy on a day."""

    DRAFT = "draft"
    """Nothing of it was ever in force."""
    APPROVED = "approved"
    """Approved, and its day has not come."""
    IN_FORCE = "in force"
    RETIRED = "retired"


class Step(StrEnum):
    """Where a version stands on its way."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "sent back"
    APPROVED = "approved"


class Due(StrEnum):
    """Of somebody's acceptance."""

    ACCEPTED = "accepted"
    ACCEPTED_ELSEWHERE = "accepted elsewhere"
    WAITING = "waiting"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the people whom a policy in force is meant for have accepted it.

    Attributes:
        asked: people who work there and whom it is meant for.
        accepted: of these, who accepted what counts.
        late: of these, whose days are over without.
    """

    asked: int
    accepted: int
    late: int

    @property
    def missing(self) -> int:
        """Who has not accepted it."""
        return self.asked - self.accepted
