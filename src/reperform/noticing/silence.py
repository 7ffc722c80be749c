"""How long a connection may be silent.  Pure."""

from datetime import timedelta

from reperform.evidence.schedule import Every

MISSED_SHOWN = timedelta(days=30)
"""How long missed times are a notice: they cannot be made good, only be read."""
_QUIET = {
    Every.HOUR: timedelta(days=1),
    Every.DAY: timedelta(days=3),
    Every.WEEK: timedelta(days=15),
    Every.MONTH: timedelta(days=63),
}
_QUIET_UNPLANNED = timedelta(days=31)


def quiet(every: Every | None) -> timedelta:
    """Return how long a connection may be without a complete run; None for no schedule.

    More than one time must have passed, so that one which is tried again is no notice.

    >>> quiet(Every.DAY).days, quiet(None).days
    (3, 31)
    """
    return _QUIET[every] if every else _QUIET_UNPLANNED
