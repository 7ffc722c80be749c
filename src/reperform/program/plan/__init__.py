"""Remediation tasks as values: what one says, how it is read, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import LONGEST_TEXT, Reader
from reperform.catalog.criteria import CRITERION_IDS

LONGEST_TITLE = 300
MOST_EFFORT = 250
"""Working days: about one year of one person.  What takes longer is more than one task."""
MOST_DEPENDENCIES = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,11}", re.ASCII)
_POINT = re.compile(r"(?P<criterion>[A-Z]{1,2}\d\.\d{1,2})-[a-z]{1,2}", re.ASCII)


class Risk(StrEnum):
    """What it means for the program while the gap stays open."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class TaskState(StrEnum):
    """What became of a task."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class TaskFields:
    """What somebody writes about a task.

    Attributes:
        title: what is to be done.
        note: more about it.
        criterion: the criterion whose gap it closes; empty for none.
        point: a point of focus of that criterion; empty for none.
        control: code of the control that it is about; empty for none.
        owner: number of the member who does it; None while nobody is named.
        due_on: the day by which it must be done; None for none.
        effort_days: working days of one person; None while nobody has estimated it.
        risk: see `Risk`.
        depends_on: numbers of the tasks that must be done first.
        state: see `TaskState`.
        closed_on: the day on which it was done or dropped; None while it is open.
        reason: how it was done, or why it was dropped.
    """

    title: str
    note: str = ""
    criterion: str = ""
    point: str = ""
    control: str = ""
    owner: int | None = None
    due_on: date | None = None
    effort_days: int | None = None
    risk: Risk = Risk.MEDIUM
    depends_on: tuple[int, ...] = ()
    state: TaskState = TaskState.OPEN
    closed_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as the plan reads it.

    Attributes:
        number: by which people name it.
        fields: what it says.
        owner_name: who does it; empty while nobody is named.
        version: how often it was changed.
    """

    number: int
    fields: TaskFields
    owner_name: str = ""
    version: int = 1

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.fields.state is TaskState.OPEN

    def is_late(self, today: date) -> bool:
        """Return whether it is open after the day by which it must be done."""
        return self.is_open and self.fields.due_on is not None and self.fields.due_on < today


def read_task(content: Mapping[str, Any], *, today: date) -> tuple[TaskFields, list[Problem]]:
    """Return the task that `content` says, and what is wrong with its fields.

    Values may be text, as a form sends them, or of their own JSON type.  Whether the owner is a
    member and the tasks to wait for exist is asked when it is kept.

    Args:
        content: by field name of `TaskFields`.
        today: no task is closed after it.
    """
    reader = Reader(content, "task-field")
    state = reader.choice("state", TaskState, TaskState.OPEN)
    fields = TaskFields(
        title=reader.line("title", needed="say what is to be done", longest=LONGEST_TITLE),
        note=reader.text("note", longest=LONGEST_TEXT),
        criterion=reader.text("criterion", longest=8),
        point=reader.text("point", longest=12),
        control=reader.text("control", longest=12),
        owner=reader.number("owner"),
        due_on=reader.day("due_on"),
        effort_days=reader.number("effort_days", most=MOST_EFFORT),
        risk=reader.choice("risk", Risk, Risk.MEDIUM),
        depends_on=reader.numbers("depends_on", most=MOST_DEPENDENCIES),
        state=state,
        closed_on=None if state is TaskState.OPEN else reader.day("closed_on") or today,
        reason=reader.text("reason", longest=LONGEST_TEXT),
    )
    reader.refuse_others(TaskFields.__dataclass_fields__, "a task")
    return fields, [*reader.problems, *_contradictions(fields, today)]


def _contradictions(fields: TaskFields, today: date) -> list[Problem]:
    found = []
    if fields.criterion and fields.criterion not in CRITERION_IDS:
        found.append(_problem("criterion", f"there is no {fields.criterion}", "write CC6.1"))
    point = _POINT.fullmatch(fields.point)
    if fields.point and (not point or point["criterion"] != fields.criterion):
        todo = "name a point of the criterion, as CC6.1-a of CC6.1"
        found.append(_problem("point", f"{fields.point} is none of its criterion", todo))
    if fields.control and not _CODE.fullmatch(fields.control):
        found.append(_problem("control", "is not the code of a control", "write it as CHG-01"))
    if fields.state is TaskState.DROPPED and not fields.reason:
        todo = "say why it is not done: an auditor will ask"
        found.append(_problem("reason", "is empty", todo))
    if fields.closed_on and fields.closed_on > today:
        todo = f"write {today} or an earlier day"
        found.append(_problem("closed_on", f"{fields.closed_on} has not come yet", todo))
    return found


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "task-field")
