"""The lines of the plan's list: open tasks in the order of work, then closed ones as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet

from reperform.program.models import RemediationTask
from reperform.program.plan import PlannedTask, TaskState
from reperform.program.plan.schedule import ScheduledTask
from reperform.program.plan.state import ProgramState
from reperform.program.queries.plan import planned_task, tasks_like
from reperform.web.page import PageRequest
from reperform.web.plan_task import may_edit

NOBODY: Literal["nobody"] = "nobody"
_CLOSED = (TaskState.DONE.value, TaskState.DROPPED.value)
_LONGEST_NUMBER = 18
"""Digits of a number that a database takes."""


@dataclass(frozen=True, slots=True)
class Line:
    """One task as the list shows it."""

    task: PlannedTask
    scheduled: ScheduledTask | None
    is_late: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Open tasks, and closed ones of which only those of a page are read."""

    request: PageRequest
    open: Sequence[Line]
    closed: QuerySet[RemediationTask]

    def __len__(self) -> int:
        return len(self.open) + self.closed.count()

    def __getitem__(self, part: slice) -> list[Line]:
        """Return the lines of a page."""
        found = list(self.open[part])
        first = max(0, part.start - len(self.open))
        last = max(0, part.stop - len(self.open))
        rows = self.closed[first:last] if last else ()
        today = self.request.visitor.at.date()
        return found + [line_of(self.request, planned_task(row), None, today) for row in rows]


def open_lines(request: PageRequest, now: ProgramState) -> list[Line]:
    """Return every open task in the order of work."""
    today = now.at.date()
    return [line_of(request, each.task, each, today) for each in now.schedule.tasks]


def line_of(
    request: PageRequest, task: PlannedTask, scheduled: ScheduledTask | None, today: date
) -> Line:
    """Return a task as the list shows it."""
    return Line(task, scheduled, task.is_late(today), may_edit(request, task))


def chosen_lines(request: PageRequest, every: Sequence[Line], chosen: Mapping[str, str]) -> Lines:
    """Return the lines with the state, the owner and the criterion that were asked for.

    Args:
        request: who asks.
        every: the open tasks.
        chosen: `state` (open when empty), `owner` (a number or `nobody`) and `criterion`.
    """
    state = chosen["state"] or TaskState.OPEN.value
    return Lines(
        request,
        [each for each in every if _is_chosen(each, state, chosen)],
        _closed(request, state, chosen),
    )


def _is_chosen(line: Line, state: str, chosen: Mapping[str, str]) -> bool:
    fields = line.task.fields
    return (
        (state in ("all", TaskState.OPEN) or (state == "late" and line.is_late))
        and chosen["owner"] in ("", str(fields.owner or NOBODY))
        and chosen["criterion"] in ("", fields.criterion)
    )


def _closed(
    request: PageRequest, state: str, chosen: Mapping[str, str]
) -> QuerySet[RemediationTask]:
    owner = chosen["owner"]
    is_number = owner.isascii() and owner.isdigit() and len(owner) <= _LONGEST_NUMBER
    states = [each for each in _CLOSED if state in ("all", each)]
    found = tasks_like(
        request.visitor.organization,
        states=states,
        owner=int(owner) if is_number else NOBODY if owner == NOBODY else None,
        criterion=chosen["criterion"].replace("\0", ""),
    )
    return found if states and (is_number or owner in ("", NOBODY)) else found.none()
