"""Remediation tasks as values: what one says, how it is read, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from reperform.base.problem import Problem
from reperform.catalog.criteria import CRITERION_IDS

LONGEST_TITLE = 300
LONGEST_TEXT = 10_000
MOST_EFFORT = 250
"""Working days: about one year of one person.  What takes longer is more than one task."""
MOST_DEPENDENCIES = 50
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,11}", re.ASCII)
_POINT = re.compile(r"(?P<criterion>[A-Z]{1,2}\d\.\d{1,2})-[a-z]{1,2}", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_Choice = TypeVar("_Choice", bound=StrEnum)


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
    reader = _Reader(content)
    state = reader.choice("state", TaskState, TaskState.OPEN)
    fields = TaskFields(
        title=reader.text("title", LONGEST_TITLE),
        note=reader.text("note", LONGEST_TEXT),
        criterion=reader.text("criterion", 8),
        point=reader.text("point", 12),
        control=reader.text("control", 12),
        owner=reader.number("owner", most=10**9),
        due_on=reader.day("due_on"),
        effort_days=reader.number("effort_days", most=MOST_EFFORT),
        risk=reader.choice("risk", Risk, Risk.MEDIUM),
        depends_on=reader.numbers("depends_on"),
        state=state,
        closed_on=None if state is TaskState.OPEN else reader.day("closed_on") or today,
        reason=reader.text("reason", LONGEST_TEXT),
    )
    for name in sorted(set(content) - set(TaskFields.__dataclass_fields__)):
        reader.problem(str(name)[:40], "is not a field of a task", "leave it out")
    return fields, [*reader.problems, *_contradictions(fields, today)]


def _contradictions(fields: TaskFields, today: date) -> list[Problem]:
    found = []
    if not fields.title:
        found.append(_problem("title", "is empty", "say what is to be done"))
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


class _Reader:
    """Reads fields; what cannot be read is a problem, and reads as nothing."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content
        self.problems: list[Problem] = []

    def problem(self, where: str, what: str, todo: str) -> None:
        self.problems.append(_problem(where, what, todo))

    def text(self, name: str, longest: int) -> str:
        said = self._content.get(name)
        if said is None:
            return ""
        if not isinstance(said, str):
            self.problem(name, "is not text", "write text")
            return ""
        kept = said.replace("\r\n", "\n").strip()
        if len(kept) > longest:
            self.problem(name, f"has {len(kept):,} characters", f"keep to {longest:,}")
        elif "\x00" in kept or (not kept.isprintable() and name == "title"):
            self.problem(name, "holds characters that cannot be shown", "remove them")
        elif any("\ud800" <= char <= "\udfff" for char in kept):
            self.problem(name, "holds half of a character", "remove it")
        else:
            return kept
        return ""

    def number(self, name: str, *, most: int) -> int | None:
        said = self._content.get(name)
        if said is None or said == "":
            return None
        if isinstance(said, str) and _NUMBER.fullmatch(said.strip()):
            said = int(said)
        if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= most:
            self.problem(name, "is not a number that it can have", f"write 1 to {most:,}")
            return None
        return said

    def numbers(self, name: str) -> tuple[int, ...]:
        said = self._content.get(name)
        if isinstance(said, str):
            said = [part for part in re.split(r"[\s,;]+", said) if part]
        if said is None:
            return ()
        if not isinstance(said, list | tuple) or len(said) > MOST_DEPENDENCIES:
            self.problem(name, "is not a short list", f"name at most {MOST_DEPENDENCIES} tasks")
            return ()
        found = {_Reader({name: each}).number(name, most=10**9) for each in said}
        if None in found:
            self.problem(name, "names what is no task", "write numbers of tasks: 3, 5")
        return tuple(sorted(each for each in found if each is not None))

    def day(self, name: str) -> date | None:
        said = self._content.get(name)
        if said is None or said == "" or isinstance(said, date):
            return said or None
        try:
            return date.fromisoformat(said)
        except (TypeError, ValueError):
            self.problem(name, "is not a day", "write it as 2026-12-31")
            return None

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        said = self._content.get(name)
        if said is None or said == "":
            return default
        if said not in [each.value for each in kind]:
            todo = f"choose from: {', '.join(each.value for each in kind)}"
            self.problem(name, "is none of the choices", todo)
            return default
        return kind(said)
