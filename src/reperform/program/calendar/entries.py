"""What people say was done, or could not be, with its own day beside that of the entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import LONGEST_TEXT, Reader

BACK_DATED_DAYS = 7
"""An entry that comes later than so many days after the fact is marked: somebody will ask why."""


class EntryKind(StrEnum):
    """What an entry says."""

    DONE = "done"
    NOT_DONE = "not done"
    WITHDRAWN = "withdrawn"
    """What was said before is taken back; only a correction says this."""


class LinkedRegister(StrEnum):
    """Registers whose rows can be the proof; each names its page."""

    TASK = "task"
    RISK = "risk"
    ACCESS_REVIEW = "access_review"
    ASSET = "asset"
    VENDOR = "vendor"
    INCIDENT = "incident"

    @property
    def label(self) -> str:
        """In words."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What somebody says of one time.

    Attributes:
        kind: see `EntryKind`.
        on: the day on which it was done; for one that was not done, any day of its window.
        done_by: number of the member who did it; None: whoever makes the entry.
        note: what was done and found, or why it could not be done.
        linked: the register whose row is the proof; None for none.
        linked_number: number of that row; None for none.
    """

    kind: EntryKind = EntryKind.DONE
    on: date = date.min
    done_by: int | None = None
    note: str = ""
    linked: LinkedRegister | None = None
    linked_number: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that stands, as the calendar reads it.

    Attributes:
        number: of the entry.
        kind: done or not done.
        on: see `EntryFields`.
        entered_on: the day on which it was entered.
        note: why, when it was not done; else not needed.
    """

    number: int
    kind: EntryKind
    on: date
    entered_on: date
    note: str = ""

    @property
    def is_back_dated(self) -> bool:
        """Whether it was entered long after the day that it names."""
        return (self.entered_on - self.on).days > BACK_DATED_DAYS


def read_entry(content: Mapping[str, Any], *, today: date) -> tuple[EntryFields, list[Problem]]:
    """Return the entry that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `EntryFields`; values as a form sends them, or as JSON has them.
        today: nothing was done after it.
    """
    reader = Reader(content, "occurrence-field")
    kind = reader.choice("kind", EntryKind, EntryKind.DONE)
    is_said = bool(content.get("linked"))
    linked = reader.choice("linked", LinkedRegister, LinkedRegister.TASK) if is_said else None
    row = reader.number("linked_number")
    latest = today if kind is EntryKind.DONE else None
    said = reader.day("on", needed="name the day on which it was done", latest=latest)
    needed = "say why: an auditor will ask" if kind is not EntryKind.DONE else ""
    note = reader.text("note", needed=needed, longest=LONGEST_TEXT)
    if (linked is None) != (row is None):
        name = "linked_number" if row is None else "linked"
        reader.problem(name, "is empty", "name both the register and the number, or neither")
    fields = EntryFields(kind, said or date.min, reader.number("done_by"), note, linked, row)
    reader.refuse_others(EntryFields.__dataclass_fields__, "a time that a control was done")
    return fields, reader.problems


def entry_content(fields: EntryFields) -> dict[str, Any]:
    """Return the JSON object of an entry, which `read_entry` reads."""
    return {
        "kind": fields.kind.value,
        "on": fields.on.isoformat(),
        "done_by": fields.done_by,
        "note": fields.note,
        "linked": fields.linked.value if fields.linked else None,
        "linked_number": fields.linked_number,
    }
