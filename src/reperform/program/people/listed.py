"""Somebody as a list has them: who they are, what they are on its day, and to whom they report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.people import (
    EARLIEST,
    LATEST,
    SLUG,
    JoinerFields,
    Kind,
    PersonFields,
    PostingFields,
    read_joiner,
)

LATE_TO_BEGIN = timedelta(days=30)
"""A joiner who is entered later than this begins no checklist: nobody would do it in time."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list.

    Attributes:
        person: who they are.
        ended_on: last day of work; None while none is known.
        kind: of contract.
        position: on the day of the list.
        department: on the day of the list.
        manager: `person 3` of the register or `row 7` of the list; empty for nobody.
    """

    person: PersonFields
    ended_on: date | None
    kind: Kind
    position: str
    department: str
    manager: str

    def joiner(self, manager: int | None) -> JoinerFields:
        """Return what is entered of somebody who is not in the register."""
        note = "From a list: what they were before its day is not known."
        return JoinerFields(self.person, self.posting(self.person.started_on, manager, note))

    def posting(self, day: date, manager: int | None, note: str) -> PostingFields:
        """Return what they are from a day on."""
        return PostingFields(day, self.kind, self.position, self.department, manager, note)


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody as the register has them on the day of the list."""

    number: int
    listed: Listed
    moved_on: date
    """First day of what they are."""


def read_listed(said: Mapping[str, Any]) -> tuple[Listed, list[Problem]]:
    """Return what a row says, by field name, and what is wrong with it."""
    names = ("name", "email", "started_on", "kind", "position", "department")
    joiner, problems = read_joiner({name: said[name] for name in names if name in said})
    reader = Reader(said, SLUG)
    ended_on = reader.day("ended_on")
    if ended_on and not max(EARLIEST, joiner.person.started_on) <= ended_on <= LATEST:
        reader.problem("ended_on", f"{ended_on} is before the first day", "correct one of them")
    posting = joiner.posting
    listed = Listed(
        person=joiner.person,
        ended_on=ended_on,
        kind=posting.kind,
        position=posting.position,
        department=posting.department,
        manager=str(said.get("manager") or ""),
    )
    return listed, [*problems, *reader.problems]


def listed_content(fields: Listed) -> dict[str, Any]:
    """Return a row as JSON values that `read_listed` reads."""
    return {
        "name": fields.person.name,
        "email": fields.person.email,
        "started_on": fields.person.started_on.isoformat(),
        "ended_on": fields.ended_on.isoformat() if fields.ended_on else None,
        "kind": fields.kind.value,
        "position": fields.position,
        "department": fields.department,
        "manager": fields.manager,
    }


def in_order(reports: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return who reports to whom with every manager before their people, and who is in a circle.

    Args:
        reports: manager by who reports to them; empty for nobody.

    >>> in_order({"row 2": "row 3", "row 3": "", "row 4": "row 5", "row 5": "row 4"})
    (['row 3', 'row 2'], ['row 4', 'row 5'])
    """
    waiting: dict[str, list[str]] = {}
    for each, manager in reports.items():
        waiting.setdefault(manager if manager in reports else "", []).append(each)
    ordered: list[str] = []
    ready: Iterable[str] = waiting.get("", [])
    while ready:
        ordered += ready
        ready = [each for manager in ready for each in waiting.get(manager, [])]
    placed = set(ordered)
    return ordered, [each for each in reports if each not in placed]
