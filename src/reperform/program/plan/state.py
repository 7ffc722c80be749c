"""Where the program stands and what is planned, at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reperform.program.gap.analysis import GapAnalysis
from reperform.program.plan import PlannedTask
from reperform.program.plan.schedule import Schedule, schedule
from reperform.program.plan.start import EarliestStart, earliest_start


@dataclass(frozen=True, slots=True)
class ProgramState:
    """Everything that the gap analysis and the plan say at one moment.

    Attributes:
        organization: name of the service organization.
        analysis: where the program stands.
        tasks: the open ones, and of the closed ones those that were asked for.
        schedule: when its open tasks can be done.
        start: the earliest feasible period start.
        at: when this was computed.
    """

    organization: str
    analysis: GapAnalysis
    tasks: Sequence[PlannedTask]
    schedule: Schedule
    start: EarliestStart
    at: datetime


def state_of(
    organization: str, analysis: GapAnalysis, tasks: Sequence[PlannedTask], *, at: datetime
) -> ProgramState:
    """Return the state: the schedule from the day of `at` on, and the earliest start."""
    plan = schedule(tasks, today=at.date())
    return ProgramState(
        organization=organization,
        analysis=analysis,
        tasks=tasks,
        schedule=plan,
        start=earliest_start(analysis, tasks, plan),
        at=at,
    )
