"""Coverage: which days of the period evidence vouches for, and which it does not."""

from collections.abc import Sequence
from datetime import date, timedelta

from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.testing.outcome import Gap

_DAY = timedelta(days=1)


def gaps(table: str, period: Period, covers: Sequence[Cover]) -> tuple[Gap, ...]:
    """Return the runs of days of `period` that no cover reaches, in order.

    Each gap carries the reasons that the covers give, or says that nothing was collected.
    """
    reasons = sorted({cover.missing for cover in covers if cover.missing})
    reason = "; ".join(reasons) or (
        "the evidence that was collected does not reach these days"
        if covers
        else "nothing was collected"
    )
    spans = sorted(
        (cover.first or date.min, min(cover.last, period.last))
        for cover in covers
        if cover.last is not None and (cover.first or date.min) <= cover.last
    )
    found, day = [], period.first
    for first, last in spans:
        if first > period.last:
            break
        if first > day:
            found.append(Gap(table, day, first - _DAY, reason))
        if last == period.last:
            return tuple(found)
        if last >= day:
            day = last + _DAY
    if day <= period.last:
        found.append(Gap(table, day, period.last, reason))
    return tuple(found)
