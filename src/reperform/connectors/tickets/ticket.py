"""One ticket, from whichever tracker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Move:
    """A ticket came into a status.

    Attributes:
        at: as `kept.moment` returns it.
        to: the status.
        by_uid: id of who moved it; empty when that is not told.
        by: their address or name.
    """

    at: str
    to: str
    by_uid: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket, from whichever tracker.

    Attributes:
        key: as people write it, `OPS-7`.
        title: what it is about.
        opened_at: when it was written; None when that cannot be read.
        author_uid: id of who wrote it; empty when that is not told.
        author: their address or name.
        assignee: who has it.
        status: that it has now.
        severity: as the tracker ranks it; None when no field was named.
        detected_at: when it was noticed; None when no field was named.
        labels: all of them.
        moves: every one, in order of time; None when they were not told.
    """

    key: str
    title: object
    opened_at: str | None
    author_uid: str
    author: object
    assignee: object
    status: str
    severity: object
    detected_at: str | None
    labels: frozenset[str]
    moves: tuple[Move, ...] | None
