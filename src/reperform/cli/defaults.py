"""What a command takes when nothing is said."""

from datetime import date, timedelta

from reperform.base.period import Period


def default_period(*, newest_commit_on: date | None, today: date) -> Period:
    """Return the twelve months that ended yesterday.

    A period is tested best when it is over.  Only when everything in the repository is of today
    does the period end today; evidence for its last day is then not complete, and results say so.

    >>> str(default_period(newest_commit_on=date(2026, 7, 1), today=date(2026, 8, 1)))
    '2025-08-01..2026-07-31'
    """
    last = today - timedelta(days=1)
    if newest_commit_on is not None and newest_commit_on > last:
        last = today
    return Period(_year_before(last), last)


def _year_before(last: date) -> date:
    following = last + timedelta(days=1)
    if (following.month, following.day) == (2, 29):
        return date(following.year - 1, 3, 1)
    return following.replace(year=following.year - 1)
