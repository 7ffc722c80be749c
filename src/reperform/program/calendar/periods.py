"""Which days the calendar shows."""

from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.period import Period
from reperform.program.scope.document import ScopeDocument

_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Shown:
    """Days that the calendar can show.

    Attributes:
        name: by which a page asks for it.
        said: what it is, in a few words.
        period: its days.
    """

    name: str
    said: str
    period: Period


def shown_periods(scope: ScopeDocument, *, today: date) -> tuple[Shown, ...]:
    """Return the days that the calendar can show; those that it shows first stand first.

    The period of a Type 2, and once that is over the year after it.  While none is decided, the
    year of today.
    """
    period = scope.period if scope.type == 2 else None  # noqa: PLR2004 - the type's name
    if period is None:
        year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
        return (Shown("year", f"the year {today.year}; the scope decides no period", year),)
    decided = Shown("period", "the period of the report", period)
    if today <= period.last:
        return (decided,)
    first = period.last + timedelta(days=1)
    while first + _YEAR < today:
        first += _YEAR + timedelta(days=1)
    return decided, Shown("since", "the year since the period", Period(first, first + _YEAR))


def current_period(scope: ScopeDocument, *, today: date) -> Period:
    """Return the days in which today lies, for what is due now; the period while it is to come."""
    return shown_periods(scope, today=today)[-1].period
