"""Steps of a started checklist: what somebody says of one, and whether it is or was late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "step-field"


class StepState(StrEnum):
    """What became of a step."""

    OPEN = "open"
    DONE = "done"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class StepFields:
    """What somebody says of a step.

    Attributes:
        state: see `StepState`.
        done_on: the day on which it was done; None unless it was.
        note: how, or why it is not needed.
        assignee: number of the person who does it; None for nobody yet.
    """

    state: StepState = StepState.OPEN
    done_on: date | None = None
    note: str = ""
    assignee: int | None = None


def read_step(content: Mapping[str, Any], *, today: date) -> tuple[StepFields, list[Problem]]:
    """Return what `content` says of a step, by field name, and what is wrong with it.

    Args:
        content: by field name of `StepFields`; without a day, what is done was done today.
        today: nothing is done on a later day.
    """
    reader = Reader(content, SLUG)
    state = reader.choice("state", StepState, StepState.OPEN)
    day = reader.day("done_on", latest=today)
    fields = StepFields(
        state=state,
        done_on=(day or today) if state is StepState.DONE else None,
        note=reader.text("note"),
        assignee=reader.number("assignee"),
    )
    if state is StepState.NOT_NEEDED and not fields.note:
        reader.problem("note", "is empty", "say why it is not needed: an auditor will ask")
    reader.refuse_others(StepFields.__dataclass_fields__, "a step")
    return fields, reader.problems


def step_content(fields: StepFields) -> dict[str, Any]:
    """Return a step as JSON values that `read_step` reads."""
    return {
        "state": fields.state.value,
        "done_on": fields.done_on.isoformat() if fields.done_on else None,
        "note": fields.note,
        "assignee": fields.assignee,
    }


def days_late(state: str, due_on: date, done_on: date | None, today: date) -> int:
    """Return by how many days a step is or was late; 0 when it was in time or is not needed.

    What was finished late stays late for good.

    >>> days_late("done", date(2026, 8, 3), date(2026, 8, 6), date(2026, 12, 1))
    3
    """
    if state == StepState.NOT_NEEDED:
        return 0
    return max(0, ((done_on if state == StepState.DONE and done_on else today) - due_on).days)
