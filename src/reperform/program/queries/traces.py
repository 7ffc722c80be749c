"""What all registers say of the program, for the gap analysis."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from reperform.accounts.models import Organization
from reperform.program.gap.controls import Adopted
from reperform.program.gap.traces import Trace
from reperform.program.queries.incident_traces import incident_traces
from reperform.program.queries.risk_traces import risk_traces
from reperform.program.scope.document import ScopeDocument


@dataclass(frozen=True, slots=True)
class TracesAsked:
    """What a register is asked.

    Attributes:
        organization: whose register.
        day: as of which day.
        scope: the scope as it stands.
        controls: the adopted controls, by code.
    """

    organization: Organization
    day: date
    scope: ScopeDocument
    controls: Mapping[str, Adopted]


SOURCES: tuple[Callable[[TracesAsked], list[Trace]], ...] = (risk_traces, incident_traces)
"""A function for each register, in the order of the navigation; each makes few queries."""


def traces(asked: TracesAsked) -> list[Trace]:
    """Return what every register says."""
    return [trace for source in SOURCES for trace in source(asked)]
