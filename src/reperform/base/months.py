"""Months later: the same day of a later month, or that month's last day."""

from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Return the day `months` later.

    >>> str(add_months(date(2026, 8, 31), 6)), str(add_months(date(2026, 8, 1), 12))
    ('2027-02-28', '2027-08-01')
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
