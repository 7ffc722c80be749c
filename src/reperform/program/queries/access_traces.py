"""What reviews of access say of the program, for the gap analysis."""

from collections.abc import Iterator, Sequence

from reperform.program.access_reviews import reference
from reperform.program.access_reviews.cycle import Cycle
from reperform.program.gap.traced import traced
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import AccessReview
from reperform.program.queries.access_duties import (
    ReviewCounts,
    cycles,
    review_counts,
)
from reperform.program.queries.traces_asked import TracesAsked

_KEPT, _LACKING = TraceState.KEPT, TraceState.LACKING


def access_traces(asked: TracesAsked) -> list[Trace]:
    """Return what the reviews say of criteria and controls, in four queries at most."""
    counts = review_counts(asked.organization, today=asked.day)
    found = [
        _cycles(cycles(asked.organization, today=asked.day)),
        *_open(counts),
        *_finished(asked, counts),
    ]
    about = traced("access-reviews", "reviews")
    return [each for trace in found for each in asked.about(trace, about)]


def _cycles(due: Sequence[Cycle]) -> Trace:
    overdue, undecided = sum(e.is_overdue for e in due), sum(e.months is None for e in due)
    if not due:
        said = "No asset is said to have accounts, so no access is reviewed."
        return _trace(said, TraceState.NOT_CHECKED)
    if overdue or undecided:
        said = (
            f"Of {len(due)} systems with accounts, {overdue} have no review in their cycle, and of"
            f" {undecided} nobody decided how often."
        )
        return _trace(said, _LACKING)
    said = f"Each of {len(due)} systems with accounts has a review in its cycle, or none is due."
    return _trace(said, _KEPT)


def _open(counts: ReviewCounts) -> Iterator[Trace]:
    if counts.late:
        said = f"{counts.late} of {counts.open} open reviews of access are late."
        yield _trace(said, _LACKING)
    if counts.removals_overdue:
        said = (
            f"{counts.removals_overdue} removals or changes of access are overdue: no later list"
            " of accounts shows them carried out."
        )
        yield _trace(said, _LACKING, "access_removals")


def _finished(asked: TracesAsked, counts: ReviewCounts) -> Iterator[Trace]:
    """Yield which review was finished last, and what came of what all of them decided."""
    if not counts.finished:
        return
    rows = AccessReview.objects.filter(organization=asked.organization, finished_on__isnull=False)
    last = rows.order_by("-finished_on", "-number").values_list("number", "finished_on")[0]
    said = f"The last review was finished on {last[1]}: {reference(last[0])}."
    yield _trace(said, _KEPT, "access_review", key=str(last[0]))
    if counts.removals:
        shown = counts.removals - counts.removals_open
        said = (
            f"Later lists of accounts show {shown} of {counts.removals} removals and changes"
            " carried out."
        )
        yield _trace(said, _KEPT if shown else TraceState.NOT_CHECKED, "access_removals")


def _trace(said: str, state: TraceState, page: str = "access_reviews", *, key: str = "") -> Trace:
    return Trace("Access reviews", said, state, page, key, criteria=("CC6.2", "CC6.3"))
