"""What a command takes when nothing is said."""

from datetime import date, timedelta

from reperform.base.period import Period
from reperform.program.scope import ReportType


def default_period(*, report_type: ReportType, newest_commit_on: date, today: date) -> Period:
    """Return the twelve months that ended yesterday, or today.

    The state of a host is seen today and on no other day, so a Type 1 is as of today.  A Type 2 is
    tested best when its period is over.  While the branch has commits of today its period ends
    today all the same: without them, and without what the host shows, the newest work would go
    unseen.  Evidence for that day is then not complete, and results say so.

    >>> may, august = date(2026, 5, 1), date(2026, 8, 1)
    >>> str(default_period(report_type=2, newest_commit_on=may, today=august))
    '2025-08-01..2026-07-31'
    >>> str(default_period(report_type=2, newest_commit_on=august, today=august))
    '2025-08-02..2026-08-01'
    >>> str(default_period(report_type=1, newest_commit_on=may, today=august))
    '2025-08-02..2026-08-01'
    """
    yesterday = today - timedelta(days=1)
    ends_today = report_type == 1 or newest_commit_on > yesterday
    last = today if ends_today else yesterday
    return Period(_year_before(last), last)


def _year_before(last: date) -> date:
    following = last + timedelta(days=1)
    if (following.month, following.day) == (2, 29):
        return date(following.year - 1, 3, 1)
    return following.replace(year=following.year - 1)
