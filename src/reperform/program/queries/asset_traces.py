"""What the inventory says of the program, for the gap analysis."""

from collections.abc import Iterator

from reperform.program.gap.traced import traced
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.queries.assets import AssetCounts, asset_counts
from reperform.program.queries.traces_asked import TracesAsked


def asset_traces(asked: TracesAsked) -> list[Trace]:
    """Return what the inventory says of criteria and controls, in one query."""
    counts = asset_counts(asked.organization)
    return [
        trace
        for topic, each in _traces(counts)
        for trace in asked.about(each, traced("assets", topic))
    ]


def _traces(counts: AssetCounts) -> Iterator[tuple[str, Trace]]:
    if not counts.in_use and not counts.retired:
        said = "The inventory is empty, so nothing of this was looked at."
        yield "inventory", _trace(said, TraceState.NOT_CHECKED, ("CC6.1",))
    elif not counts.in_use:
        said = "No asset of the inventory is in use."
        yield "inventory", _trace(said, TraceState.LACKING, ("CC6.1",))
    else:
        lacking = [
            f"{count} without {what}"
            for count, what in (
                (counts.without_owner, "an active owner"),
                (counts.without_classification, "a class of data"),
                (counts.boundary_undecided, "a decision whether they are in the boundary"),
            )
            if count
        ]
        said = f"{counts.in_use} assets in use, {', '.join(lacking) or 'each with what is needed'}."
        state = TraceState.LACKING if lacking else TraceState.KEPT
        yield "inventory", _trace(said, state, ("CC6.1",))
    if counts.disposal_not_said:
        said = (
            f"Of {counts.disposal_not_said} of {counts.retired} retired assets nobody said what"
            " became of data and media."
        )
        yield "disposal", _trace(said, TraceState.LACKING, ("CC6.5",))
    elif counts.retired:
        said = f"Each of {counts.retired} retired assets says what became of data and media."
        yield "disposal", _trace(said, TraceState.KEPT, ("CC6.5",))


def _trace(said: str, state: TraceState, criteria: tuple[str, ...]) -> Trace:
    return Trace("Assets", said, state, "assets", criteria=criteria)
