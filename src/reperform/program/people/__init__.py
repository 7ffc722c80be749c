"""The workforce as values: how somebody joins, moves and leaves, and what is wrong with it.

What somebody is (position, department, manager, kind of contract) changes by events that have
days of their own: a move can be entered before or after it happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "person-field"
LONGEST_NAME = 200
LONGEST_EMAIL = 320
LONGEST_NOTE = 1_000
EARLIEST, LATEST = date(1950, 1, 1), date(2150, 12, 31)
"""Days of work that are not a slip of the pen."""


class Kind(StrEnum):
    """How somebody works for the organization."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"


class Event(StrEnum):
    """What happens to somebody at work, each with a checklist of its own."""

    JOINER = "joiner"
    MOVER = "mover"
    LEAVER = "leaver"


@dataclass(frozen=True, slots=True)
class PostingFields:
    """What somebody is from a day on.

    Attributes:
        from_day: the first day on which it holds.
        kind: see `Kind`.
        position: as it stands in the contract.
        department: by its name; equal names are one department.
        manager: number of the person to whom they report; None for nobody.
        note: more about it.
    """

    from_day: date
    kind: Kind = Kind.EMPLOYEE
    position: str = ""
    department: str = ""
    manager: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonFields:
    """Who somebody is.

    Attributes:
        name: as colleagues know them.
        email: in lower case; who signs in with it is this person; empty for none.
        started_on: first day of work.
    """

    name: str
    email: str
    started_on: date


@dataclass(frozen=True, slots=True)
class CorrectionFields:
    """Who somebody is, and why the first day was said otherwise; empty where it was not."""

    person: PersonFields
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JoinerFields:
    """Somebody who joins: who they are, and what they are from their first day on."""

    person: PersonFields
    posting: PostingFields


@dataclass(frozen=True, slots=True)
class LeaverFields:
    """How somebody leaves: `ended_on` is the last day of work.

    `reason`: why it is another day than was said before; empty when none was.
    """

    ended_on: date
    reason: str = ""


_PERSON = ("name", "email", "started_on")
_POSTING = ("kind", "position", "department", "manager")
JOINER_NAMES = (*_PERSON, *_POSTING)
MOVE_NAMES = ("from_day", *_POSTING, "note")


def read_joiner(content: Mapping[str, Any]) -> tuple[JoinerFields, list[Problem]]:
    """Return the joiner that `content` says, by field name, and what is wrong with it.

    Whether the manager exists and works there then is asked when it is kept.
    """
    reader = Reader(content, SLUG)
    person = _person(reader)
    posting = _posting(reader, person.started_on)
    reader.refuse_others(JOINER_NAMES, "a joiner")
    return JoinerFields(person, posting), reader.problems


def read_person(content: Mapping[str, Any]) -> tuple[PersonFields, list[Problem]]:
    """Return who somebody is, as `content` says it, and what is wrong with it."""
    reader = Reader(content, SLUG)
    fields = _person(reader)
    reader.refuse_others(_PERSON, "a person")
    return fields, reader.problems


def read_correction(content: Mapping[str, Any]) -> tuple[CorrectionFields, list[Problem]]:
    """Return who somebody is, and why it was said otherwise, as `content` has it."""
    reader = Reader(content, SLUG)
    reason = reader.line("reason", longest=LONGEST_NOTE)
    fields, problems = read_person({k: v for k, v in content.items() if k != "reason"})
    return CorrectionFields(fields, reason), [*problems, *reader.problems]


def read_move(content: Mapping[str, Any]) -> tuple[PostingFields, list[Problem]]:
    """Return a move as `content` says it: all that somebody is from a day on."""
    reader = Reader(content, SLUG)
    fields = _posting(reader, _day(reader, "from_day", "name the first day in the new position"))
    reader.refuse_others(MOVE_NAMES, "a move")
    return fields, reader.problems


def read_leaver(content: Mapping[str, Any]) -> tuple[LeaverFields, list[Problem]]:
    """Return a departure as `content` says it."""
    reader = Reader(content, SLUG)
    day = _day(reader, "ended_on", "name the last day of work")
    fields = LeaverFields(day, reader.line("reason", longest=LONGEST_NOTE))
    reader.refuse_others(("ended_on", "reason"), "a departure")
    return fields, reader.problems


def person_content(fields: PersonFields) -> dict[str, Any]:
    """Return who somebody is as JSON values that `read_person` reads."""
    started = fields.started_on.isoformat()
    return {"name": fields.name, "email": fields.email, "started_on": started}


def posting_content(fields: PostingFields) -> dict[str, Any]:
    """Return what somebody is from a day on as JSON values that `read_move` reads."""
    return {
        "from_day": fields.from_day.isoformat(),
        "kind": fields.kind.value,
        "position": fields.position,
        "department": fields.department,
        "manager": fields.manager,
        "note": fields.note,
    }


def joiner_content(fields: JoinerFields) -> dict[str, Any]:
    """Return a joiner as JSON values that `read_joiner` reads."""
    posting = posting_content(fields.posting)
    return person_content(fields.person) | {name: posting[name] for name in _POSTING}


def _person(reader: Reader) -> PersonFields:
    email = reader.line("email", longest=LONGEST_EMAIL).lower()
    if email and not _is_address(email):
        reader.problem("email", "is not an address", "write it as ada@example.com, or leave it out")
        email = ""
    return PersonFields(
        name=reader.line("name", needed="say who it is", longest=LONGEST_NAME),
        email=email,
        started_on=_day(reader, "started_on", "name the first day of work"),
    )


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and not any(char.isspace() or char == "," for char in text)


def _posting(reader: Reader, from_day: date) -> PostingFields:
    return PostingFields(
        from_day=from_day,
        kind=reader.choice("kind", Kind, Kind.EMPLOYEE),
        position=reader.line("position", longest=LONGEST_NAME),
        department=reader.line("department", longest=LONGEST_NAME),
        manager=reader.number("manager"),
        note=reader.text("note", longest=LONGEST_NOTE),
    )


def _day(reader: Reader, name: str, needed: str) -> date:
    """Return a day; the first of all when it is missing, which is a problem then."""
    day = reader.day(name, needed=needed)
    if day is not None and not EARLIEST <= day <= LATEST:
        reader.problem(name, f"{day} is no day of work", f"write {EARLIEST} to {LATEST}")
        return EARLIEST
    return day or EARLIEST
