"""Coverage: which days of the period evidence vouches for, and which it does not."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.testing.outcome import Gap

_DAY = timedelta(days=1)


def gaps(table: str, period: Period, covers: Sequence[Cover]) -> tuple[Gap, ...]:
    """Return the runs of days of `period` that a source of the table does not cover, in order.

    Each gap carries the reasons that the covers give, or says that nothing was collected.  Where
    several sources fill the table, each must cover every day; the reason then says whose days lack.
    """
    sources: dict[str, list[Cover]] = {}
    for cover in covers:
        sources.setdefault(cover.of, []).append(cover)
    if len(sources) < 2:  # noqa: PLR2004 - one source, or none at all
        return _gaps(table, period, covers)
    return _joined({of: _gaps(table, period, own) for of, own in sources.items()})


def _joined(found: dict[str, tuple[Gap, ...]]) -> tuple[Gap, ...]:
    """Return the days that any source lacks, cut where the sources that lack them change."""
    every = [(of, gap) for of, own in sorted(found.items()) for gap in own]
    edges = {gap.first.toordinal() for _, gap in every}
    edges |= {gap.last.toordinal() + 1 for _, gap in every}
    joined: list[Gap] = []
    for begin, end in pairwise(sorted(edges)):
        first, last = date.fromordinal(begin), date.fromordinal(end - 1)
        lacking = [(of, gap) for of, gap in every if gap.first <= first and last <= gap.last]
        if lacking:
            reason = "; ".join(f"{of}: {gap.reason}" for of, gap in lacking)
            also_seen = len(lacking) < len(found)
            joined.append(Gap(lacking[0][1].table, first, last, reason, also_seen))
    return tuple(joined)


def _gaps(table: str, period: Period, covers: Sequence[Cover]) -> tuple[Gap, ...]:
    """Return the runs of days that none of one source's covers reaches."""
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
