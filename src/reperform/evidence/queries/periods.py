"""The period that the coverage of a connection is shown for."""

from datetime import date, timedelta

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.program.queries import current_scope

_YEAR = timedelta(days=364)


def shown_period(organization: Organization, *, today: date) -> Period:
    """Return the days of the scope's period up to today; the last 365 where there are none."""
    period = current_scope(organization).document.period
    if period and period.first <= today:
        return Period(period.first, min(period.last, today))
    return Period(today - _YEAR, today)
