"""What a job does, what can become of it, and when it is tried again.

Pure.  A job is one time that something is to be done by a worker: a connection asked, a period
examined, a test of a control run.  The queue knows no more of it than this module says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

LEASE = timedelta(minutes=2)
"""How long a claim holds without being renewed: then whoever claimed it is taken for dead."""
_WAITS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=80))
MOST_ATTEMPTS = len(_WAITS) + 1


class JobKind(StrEnum):
    """Which kind of thing is done."""

    COLLECTION = "collection"
    """A connection is asked everything."""
    EXAMINATION = "examination"
    """What connections brought is examined, to drafts and bundle."""
    TEST = "test"
    """One test of a control runs over what connections brought."""


EXAMINATIONS = "examinations"
"""Subject of every examination: of one organization one runs at a time."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done.

    Attributes:
        kind: by which it is found who can.
        subject: what it is about, as the trail names it; of one subject one job runs at a time.
        connection: number of the connection; None for the other kinds.
        what: JSON values that it is done with.
    """

    kind: JobKind
    subject: str
    connection: int | None = None
    what: Mapping[str, Any] = field(default_factory=dict)


def collection_of(connection: int) -> Work:
    """Return the work of asking a connection, by its number."""
    return Work(JobKind.COLLECTION, f"connection {connection}", connection)


def examination_of(first: date | None = None, last: date | None = None) -> Work:
    """Return the work of examining days; None for those of the scope."""
    days = {"first": first, "last": last}
    what = {name: day.isoformat() for name, day in days.items() if day}
    return Work(JobKind.EXAMINATION, EXAMINATIONS, what=what)


def run_of(test: str) -> Work:
    """Return the work of running one test of a control, by its id."""
    return Work(JobKind.TEST, f"test {test}", what={"test": test})


@dataclass(frozen=True, slots=True)
class Ended:
    """How one attempt at a job ended.

    Attributes:
        reason: why it is not done; empty when it is.
        run: number of the run of its connection that it led to; None for none.
        is_final: another attempt would end the same.
    """

    reason: str = ""
    run: int | None = None
    is_final: bool = False


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    """Everything was done; of a connection, the source gave all that it was asked for."""
    FAILED = "failed"
    """No attempt was complete, and there will be no other."""
    MISSED = "missed"
    """Its moment passed without an attempt: nothing was done then, and nothing says it was."""


def next_attempt(attempts: int, at: datetime) -> datetime | None:
    """Return when a job is tried again that failed at `at`; None when it is not.

    The waits grow, so that a source which is down for an hour is found up again, and one which
    refuses us is not asked all day.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> [str(n - at) if (n := next_attempt(count, at)) else "" for count in (1, 2, 3, 4)]
    ['0:05:00', '0:20:00', '1:20:00', '']
    """
    return at + _WAITS[attempts - 1] if attempts < MOST_ATTEMPTS else None
