"""What all registers say of the program, for the gap analysis."""

from collections.abc import Callable

from reperform.program.calendar.periods import shown_periods
from reperform.program.calendar.traces import trace_of
from reperform.program.gap.traces import Trace
from reperform.program.queries.access_traces import access_traces
from reperform.program.queries.asset_traces import asset_traces
from reperform.program.queries.incident_traces import incident_traces
from reperform.program.queries.occurrences import standings
from reperform.program.queries.people_traces import people_traces
from reperform.program.queries.policy_traces import policy_traces
from reperform.program.queries.remembered import Remembered
from reperform.program.queries.risk_traces import risk_traces
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.queries.vendor_traces import vendor_traces


def _calendar(asked: TracesAsked) -> list[Trace]:
    period = shown_periods(asked.scope, today=asked.day)[0].period
    found = standings(asked.organization, period, today=asked.day)
    every = [trace_of(each.control, each.standing) for each in found]
    return [trace for trace in every if trace and trace.control in asked.controls]


SOURCES: tuple[Callable[[TracesAsked], list[Trace]], ...] = (
    risk_traces,
    policy_traces,
    people_traces,
    asset_traces,
    access_traces,
    vendor_traces,
    incident_traces,
    _calendar,
)
"""A function for each register, in the order of the navigation; each makes few queries.

A register that was never used is not kept yet: it says so, as *not checked*, and never that
anything is kept or lacking.
"""


_REMEMBERED = Remembered[tuple[Trace, ...]]()


def traces(asked: TracesAsked, *, entry: bytes = b"") -> tuple[Trace, ...]:
    """Return what every register says.

    Args:
        asked: the question.
        entry: the last of the trail when scope and controls were read, see `last_entry`; empty for
            an answer that is made anew.
    """
    return _REMEMBERED.answer(
        asked.organization,
        entry,
        asked.day,
        lambda: tuple(trace for source in SOURCES for trace in source(asked)),
    )
