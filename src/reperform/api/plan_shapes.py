"""Shapes of what the plan's operations take and answer."""

from datetime import date
from typing import Any, Literal

from ninja import Schema

from reperform.program.plan import PlannedTask


class TaskOut(Schema):
    """One task; `owner` is a member's number, and `depends_on` are numbers of tasks."""

    number: int
    version: int
    title: str
    note: str
    criterion: str
    point: str
    control: str
    owner: int | None
    due_on: date | None
    effort_days: int | None
    risk: str
    depends_on: list[int]
    state: str
    closed_on: date | None
    reason: str
    is_late: bool

    @staticmethod
    def of(task: PlannedTask, today: date) -> "TaskOut":
        """Return a task as an answer."""
        said = task.fields
        return TaskOut(
            number=task.number,
            version=task.version,
            title=said.title,
            note=said.note,
            criterion=said.criterion,
            point=said.point,
            control=said.control,
            owner=said.owner,
            due_on=said.due_on,
            effort_days=said.effort_days,
            risk=said.risk.value,
            depends_on=list(said.depends_on),
            state=said.state.value,
            closed_on=said.closed_on,
            reason=said.reason,
            is_late=task.is_late(today),
        )


class TaskIn(Schema):
    """The whole task anew; `content` has the fields of a task without its number and version."""

    content: dict[str, Any]


class TaskChangeIn(TaskIn):
    """As `TaskIn`; `seen` is the version that it changes."""

    seen: int


class TaskCloseIn(Schema):
    """How a task ended: `done` or `dropped`, and why; today when no day is said."""

    seen: int
    state: Literal["done", "dropped"]
    reason: str = ""
    closed_on: str = ""


class ScheduledOut(Schema):
    """When one open task can be done at the earliest; null where that cannot be said."""

    task: int
    starts: date | None
    ends: date | None
    because: str


class BoundOut(Schema):
    """A day before which a period cannot begin, and why."""

    day: date
    because: str
    task: int | None


class PlanOut(Schema):
    """The schedule in the order of work, and the earliest feasible period start.

    `start` is null when it cannot be said; `obstacles` then say why.  `periods` is the last day
    of a period of 3, 6 and 12 months.  Holidays and absences are not known.
    """

    tasks: list[ScheduledOut]
    start: date | None
    bounds: list[BoundOut]
    obstacles: list[str]
    chain: list[int]
    periods: dict[str, date]


class ProposalOut(Schema):
    """A task that a gap suggests; `state` says whether it would be made."""

    gap: str
    title: str
    criterion: str
    control: str
    risk: str
    state: Literal["new", "again", "in the plan", "dropped"]


class ProposedIn(Schema):
    """Names of the gaps for which a task is to be made."""

    gaps: list[str]
