"""Shapes of what the operations on people take and answer."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema

from reperform.program.models import Person, Posting
from reperform.program.queries.people import Held


class PostingOut(Schema):
    """What somebody is from a day on; `until` is null for the last, `withdrawn` says why not."""

    number: int
    from_day: date
    until: date | None
    kind: str
    position: str
    department: str
    manager: int | None
    note: str
    withdrawn: str
    by: str
    at: datetime

    @staticmethod
    def of(row: Posting) -> "PostingOut":
        """Return a posting as an answer."""
        return PostingOut(
            number=row.number,
            from_day=row.from_day,
            until=row.until,
            kind=row.kind,
            position=row.position,
            department=row.department,
            manager=row.manager.number if row.manager else None,
            note=row.note,
            withdrawn=row.withdrawn,
            by=row.by,
            at=row.at,
        )


class PersonOut(Schema):
    """Somebody, with what they are on the day `on`; `manager` is a person's number."""

    number: int
    version: int
    name: str
    email: str
    started_on: date
    ended_on: date | None
    on: date
    kind: str
    position: str
    department: str
    manager: int | None

    @staticmethod
    def of(held: Held, on: date) -> "PersonOut":
        """Return somebody as an answer."""
        row: Person = held.person
        return PersonOut(
            number=row.number,
            version=row.version,
            name=row.name,
            email=row.email,
            started_on=row.started_on,
            ended_on=row.ended_on,
            on=on,
            kind=held.kind,
            position=held.position,
            department=held.department,
            manager=held.manager,
        )


class WholePersonOut(PersonOut):
    """Somebody with everything that they were, are and will be, by its day."""

    postings: list[PostingOut]


class RecordIn(Schema):
    """What is entered, by field name."""

    content: dict[str, Any]


class ChangeIn(RecordIn):
    """As `RecordIn`; `seen` is the version that it changes."""

    seen: int


class PeopleReasonIn(Schema):
    """Why something is withdrawn."""

    reason: str


class SeenReasonIn(PeopleReasonIn):
    """As `PeopleReasonIn`; `seen` is the version that it changes."""

    seen: int


class EventIn(Schema):
    """Which event of somebody is meant: the joining, the latest move, or the departure."""

    event: Literal["joiner", "mover", "leaver"]
