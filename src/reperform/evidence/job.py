"""What can become of a job, and when it is tried again.

Pure.  A job is one time that a connection is to be asked.
"""

from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(minutes=2)
"""How long a claim holds without being renewed: then whoever claimed it is taken for dead."""
_WAITS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=80))
MOST_ATTEMPTS = len(_WAITS) + 1


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    """Its run is complete: the source gave everything that it was asked for."""
    FAILED = "failed"
    """No attempt was complete, and there will be no other."""
    MISSED = "missed"
    """Its moment passed without an attempt: nothing was collected then, and nothing says it was."""


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
