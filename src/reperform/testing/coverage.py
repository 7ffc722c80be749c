"""Coverage: which days of the period evidence vouches for, and which it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    found = {of: _gaps(table, period, own) for of, own in sources.items()}
    partly = [cover for cover in covers if not cover.is_whole and cover.last is not None]
    if not found:
        return _gaps(table, period, ())
    if len(found) == 1 and not partly:
        return next(iter(found.values()))
    return _joined(found, partly, period)


def _joined(
    found: dict[str, tuple[Gap, ...]], partly: Sequence[Cover], period: Period
) -> tuple[Gap, ...]:
    """Return the days that any source lacks, cut where what lacks, or was seen, changes."""
    every = [(of, gap) for of, own in sorted(found.items()) for gap in own]
    seen = [
        (max(cover.first or date.min, period.first), min(cover.last, period.last))
        for cover in partly
        if cover.last is not None
    ]
    spans = [*((gap.first, gap.last) for _, gap in every), *seen]
    edges = {first.toordinal() for first, _ in spans} | {last.toordinal() + 1 for _, last in spans}
    joined: list[Gap] = []
    for begin, end in pairwise(sorted(edges)):
        first, last = date.fromordinal(begin), date.fromordinal(end - 1)
        lacking = [(of, gap) for of, gap in every if gap.first <= first and last <= gap.last]
        if lacking:
            reasons = [
                f"{of}: {gap.reason}" if len(found) > 1 else gap.reason for of, gap in lacking
            ]
            is_seen = any(a <= first and last <= b for a, b in seen)
            also_seen = is_seen or len(lacking) < len(found)
            _add(joined, Gap(lacking[0][1].table, first, last, "; ".join(reasons), also_seen))
    return tuple(joined)


def _add(joined: list[Gap], gap: Gap) -> None:
    """Add a gap; one that goes on where the last ended, and says the same, makes it longer."""
    before = joined[-1] if joined else None
    if (
        before
        and before.last + _DAY == gap.first
        and replace(before, first=gap.first, last=gap.last) == gap
    ):
        joined[-1] = replace(before, last=gap.last)
    else:
        joined.append(gap)


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
        if cover.is_whole and cover.last is not None and (cover.first or date.min) <= cover.last
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


@dataclass(frozen=True, slots=True)
class TableDays:
    """How much of a period one table is evidenced.

    Attributes:
        table: its name.
        evidenced: days of the period that nothing lacks.
        days: of the period.
        gaps: the others, in order.
    """

    table: str
    evidenced: int
    days: int
    gaps: tuple[Gap, ...]


def table_days(covers: Mapping[str, Sequence[Cover]], period: Period) -> list[TableDays]:
    """Return how much of `period` each table is evidenced, by name."""
    found = []
    for table, own in sorted(covers.items()):
        missing = gaps(table, period, own)
        lacking = sum((gap.last - gap.first).days + 1 for gap in missing)
        found.append(TableDays(table, len(period) - lacking, len(period), missing))
    return found
