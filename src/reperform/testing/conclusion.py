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
    counts: Counts,
    *,
    missing: Sequence[str],
    gaps: Sequence[Gap],
    period: Period,
    partly: Sequence[str] = (),
    why: str = "",
) -> tuple[Conclusion, str]:
    """Return the conclusion and a sentence with its numbers and dates.

    Args:
        counts: outcomes of the items.
        missing: why a table that is read was refused or never collected.
        gaps: days without evidence in the tables that must cover the period.
        period: the days that evidence must cover.
        partly: what was refused beside what was collected.
        why: the first item that could not be tested, and its reason.

    In this order: a table is missing -> unable; a deviation -> exceptions noted, unless a table was
    seen on no day of the period, for what was seen on other days says nothing of these; a gap, or
    something refused -> unable; an empty population -> did not operate; an item unable -> unable;
    else no exceptions.  So a deviation in the period is never hidden by what was not seen, and
    nothing passes for lack of data.
    """
    if missing:
        return Conclusion.UNABLE, "; ".join(missing)
    lacks = [*(_gap(gap, period) for gap in gaps), *partly]
    is_seen = all(gap.also_seen or gap.days < len(period) for gap in gaps)
    if counts.deviations and is_seen:
        verb = "deviates" if counts.deviations == 1 else "deviate"
        said = f"{counts.deviations:,} of {_items(counts.population)} {verb}"
        also = [f"{counts.unable:,} could not be tested"] if counts.unable else []
        return Conclusion.EXCEPTIONS, "; ".join([said, *also, *lacks])
    if lacks:
        return Conclusion.UNABLE, "; ".join([*lacks, _seen(counts)])
    if not counts.population:
        return Conclusion.DID_NOT_OPERATE, f"the population is empty for {period}"
    if counts.unable:
        said = f"{counts.unable:,} of {_items(counts.population)} could not be tested"
        return Conclusion.UNABLE, f"{said}; {why}" if why else said
    only = counts.population == 1
    every = "the only item passes" if only else f"all {counts.population:,} items pass"
    return Conclusion.NO_EXCEPTIONS, every


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _items(number: int) -> str:
    return _counted(number, "item", "items")


def _seen(counts: Counts) -> str:
    """Say what was seen all the same: it is no conclusion, and no reason to hide it."""
    if not counts.population:
        return "no item was seen"
    said = [
        f"of {_items(counts.population)} seen {_counted(counts.passed, 'passes', 'pass')}",
        _counted(counts.deviations, "deviates", "deviate") if counts.deviations else "",
        f"{counts.unable:,} could not be tested" if counts.unable else "",
    ]
    return ", ".join(part for part in said if part)


def _gap(gap: Gap, period: Period) -> str:
    days = f"{gap.days:,} of {len(period):,} days"
    return f"{gap.table} has no evidence for {gap.first}..{gap.last} ({days}): {gap.reason}"
