"""From outcomes of items to what a test says of the whole population."""

from collections.abc import Sequence
from dataclasses import dataclass

from reperform.base.period import Period
from reperform.testing.outcome import Conclusion, Gap


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items there are, and how many had each outcome."""

    population: int
    passed: int
    deviations: int
    unable: int


def conclude(
    counts: Counts, *, missing: Sequence[str], gaps: Sequence[Gap], period: Period, why: str = ""
) -> tuple[Conclusion, str]:
    """Return the conclusion and a sentence with its numbers and dates.

    Args:
        counts: outcomes of the items.
        missing: why a table that is read was refused or never collected.
        gaps: days without evidence in the tables that must cover the period.
        period: the days that evidence must cover.
        why: the first item that could not be tested, and its reason.

    In this order: a table is missing -> unable; a deviation -> exceptions noted; a gap -> unable;
    an empty population -> did not operate; an item unable -> unable; else no exceptions.  So a
    deviation that was seen is never hidden by what was not, and nothing passes for lack of data.
    """
    if missing:
        return Conclusion.UNABLE, "; ".join(missing)
    if counts.deviations:
        said = f"{counts.deviations:,} of {counts.population:,} items deviate"
        also = [f"{counts.unable:,} could not be tested"] if counts.unable else []
        also += [_gap(gap, period) for gap in gaps]
        return Conclusion.EXCEPTIONS, "; ".join([said, *also])
    if gaps:
        said = "; ".join(_gap(gap, period) for gap in gaps)
        return Conclusion.UNABLE, f"{said}; {_seen(counts)}"
    if not counts.population:
        return Conclusion.DID_NOT_OPERATE, f"the population is empty for {period}"
    if counts.unable:
        said = f"{counts.unable:,} of {counts.population:,} items could not be tested"
        return Conclusion.UNABLE, f"{said}; {why}" if why else said
    return Conclusion.NO_EXCEPTIONS, f"all {counts.population:,} items pass"


def _seen(counts: Counts) -> str:
    """Say what was seen all the same: it is no conclusion, and no reason to hide it."""
    if not counts.population:
        return "no item was seen"
    seen = f"of {counts.population:,} items seen {counts.passed:,} pass"
    return f"{seen}, {counts.unable:,} could not be tested" if counts.unable else seen


def _gap(gap: Gap, period: Period) -> str:
    days = f"{gap.days:,} of {len(period):,} days"
    return f"{gap.table} has no evidence for {gap.first}..{gap.last} ({days}): {gap.reason}"
