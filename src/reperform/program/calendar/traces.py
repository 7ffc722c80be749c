"""What the calendar says of a control to the gap analysis."""

from reperform.program.calendar import Calendared
from reperform.program.calendar.standing import Standing
from reperform.program.calendar.year import WindowState
from reperform.program.gap.traces import Trace, TraceState

_NAMED = 3


def trace_of(control: Calendared, standing: Standing) -> Trace | None:
    """Return how often a control was done of what was due; None when no calendar decides it."""
    if standing.state is None:
        return None
    lacking = standing.count(WindowState.MISSED) + standing.count(WindowState.OVERDUE)
    state = TraceState.LACKING if lacking else TraceState.KEPT
    return Trace(
        register="Calendar",
        said=_said(standing),
        state=state if standing.so_far else TraceState.NOT_CHECKED,
        page="calendar_control",
        key=control.code,
        control=control.code,
    )


def _said(standing: Standing) -> str:
    if not standing.so_far:
        coming = standing.open[:1] or (standing.following,)
        following = f"; it is due on {coming[0].slot.due_on}" if coming[0] else ""
        return f"Nothing was due so far{following}."
    parts = [f"Done {standing.done} of {standing.so_far} times that were due so far"]
    late = standing.count(WindowState.DONE_LATE)
    if late:
        parts.append(f"{late} of them late")
    if standing.missed:
        days = ", ".join(map(str, standing.missed[:_NAMED]))
        more = len(standing.missed) - _NAMED
        parts.append(f"missed on {days}{f' and {more} more' if more > 0 else ''}")
    overdue = standing.count(WindowState.OVERDUE)
    if overdue:
        parts.append(f"{overdue} overdue")
    return "; ".join(parts) + "."
