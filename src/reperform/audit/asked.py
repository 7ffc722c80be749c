"""The days and the scope of an examination that somebody asks for."""

from datetime import date, timedelta

from reperform.base.period import Period
from reperform.base.refusal import RefusalError
from reperform.program.scope import Scope
from reperform.program.scope.document import ScopeDocument

_DAY = timedelta(days=1)


class ScopeOpenError(RefusalError):
    """The scope does not say what is to be examined."""

    slug = "scope-open"


def asked_scope(
    document: ScopeDocument, *, first: date | None, last: date | None, today: date
) -> Scope:
    """Return the scope of an examination: as decided, for the days that are asked for.

    Without days, from the first day of the decided period to its last, or to yesterday while it
    goes on: today is not over.  A Type 1 is as of `last`.

    Args:
        document: the scope as it stands.
        first: first day; None for the decided one.
        last: last day; None for the decided one, or yesterday.
        today: the day on which it is asked, UTC.

    Raises:
        ScopeOpenError: type or period are not decided, or the period has not begun.
        PeriodReversedError, PeriodTooLongError, PeriodInFutureError: the days are no period.
    """
    if document.type is None:
        raise _open("whether it is a Type 1 or a Type 2 is not decided")
    begin = first or document.first or (document.last if document.type == 1 else None)
    end = last or (min(document.last, today - _DAY) if document.last else None)
    if document.type == 1:
        begin = end
    if begin is None or end is None:
        raise _open("the period is not decided")
    if first is None and last is None and begin > end:
        raise _open(f"the period begins on {begin}, and no day of it is over")
    period = Period(begin, end)
    period.refuse_long()
    period.refuse_future(today)
    return Scope(type=document.type, period=period, categories=document.categories)


def _open(what: str) -> ScopeOpenError:
    return ScopeOpenError(
        f"nothing was examined: {what}",
        why="Evidence is judged for one type of report and for days that somebody decided.",
        todo="decide it on the page Scope, or name the first and the last day",
    )
