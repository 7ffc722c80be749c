"""The changes of the example's source code, one after the other, as its file tells them.

Who writes, who reviews and what changes follows from a digest of the change's number: the same
file gives the same changes, on every machine and with every version of Python.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from reperform.cli.example.folder import moment

_T = TypeVar("_T")
_SATURDAY = 5
_IN_TWO_STEPS = 4
"""One change in so many takes two commits."""
DIRECTLY, BY_ITS_AUTHOR, NO_TICKET = "pushed directly", "reviewed by its author", "no ticket"


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes or reviews."""

    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the source: its commits, and the merge that brought it to the branch.

    Attributes:
        number: counts from 1.
        subject: the first line.
        path: folder of what changes.
        author: who wrote it.
        reviewer: who read it; None when nobody is named.
        merger: who merged it; None for one that was pushed directly.
        ticket: the request that it refers to; empty for none.
        steps: when each commit was made.
        merged_at: when it reached the branch.
    """

    number: int
    subject: str
    path: str
    author: Person
    reviewer: Person | None
    merger: Person | None
    ticket: str
    steps: tuple[datetime, ...]
    merged_at: datetime

    def message(self, step: int) -> str:
        """Return the message of one of its commits, with its trailers."""
        more = f" (part {step + 1})" if len(self.steps) > 1 else ""
        trailers = [f"Ticket: {self.ticket}"] if self.ticket else []
        if self.merger:
            trailers.append(f"Signed-off-by: {self.author}")
        if self.reviewer:
            trailers.append(f"Reviewed-by: {self.reviewer}")
        return "\n\n".join(filter(None, (self.subject + more, "\n".join(trailers)))) + "\n"

    @property
    def merge_message(self) -> str:
        """The message of the merge."""
        about = f"\n\nTicket: {self.ticket}" if self.ticket else ""
        return f"Merge: {self.subject}{about}\n"


def changes(told: Mapping[str, Any], *, until: date) -> Iterator[Change]:
    """Yield the changes up to and including a day, in order.

    Args:
        told: what `repository.yaml` says.
        until: the last day.
    """
    departures = {each["day"]: each for each in told["departures"]}
    off = set(told["days_off"])
    day, number = date.fromisoformat(told["first_day"]), 0
    while day <= min(until, date.fromisoformat(told["last_day"])):
        if day.weekday() < _SATURDAY and day.isoformat() not in off:
            number += 1
            yield _change(told, number, day)
        if departure := departures.get(day.isoformat()):
            number += 1
            yield _departing(told, number, day, departure)
        day += timedelta(days=1)


def _change(told: Mapping[str, Any], number: int, day: date) -> Change:
    area = _pick(told, told["areas"], number, "area")
    subject = _pick(told, area["subjects"], number, "subject")
    people = _people(told, day)
    author = _pick(told, people, number, "author")
    others = [person for person in people if person != author]
    reviewer = _pick(told, others, number, "reviewer")
    begun = datetime.combine(day, time(9), moment(str(day)).tzinfo)
    begun += timedelta(minutes=_digest(told, number, "minute") % 240)
    count = 2 if _digest(told, number, "steps") % _IN_TWO_STEPS == 0 else 1
    return Change(
        number=number,
        subject=subject.format(thing=_pick(told, area["things"], number, "thing")),
        path=area["path"],
        author=author,
        reviewer=reviewer,
        merger=reviewer,
        ticket=f"LARK-{400 + number}",
        steps=tuple(begun + timedelta(minutes=50 * step) for step in range(count)),
        merged_at=begun + timedelta(minutes=150),
    )


def _departing(
    told: Mapping[str, Any], number: int, day: date, departure: Mapping[str, str]
) -> Change:
    usual = _change(told, number, day)
    author = next(p for p in _people(told, day) if p.email == departure["author"])
    kind = departure["kind"]
    reviewer = author if kind == BY_ITS_AUTHOR else None
    if kind == NO_TICKET:
        reviewer = next(p for p in _people(told, day) if p != author)
    at = datetime.combine(day, time(18, 20), usual.merged_at.tzinfo)
    return Change(
        number=number,
        subject=departure["subject"],
        path=usual.path,
        author=author,
        reviewer=reviewer,
        merger=None if kind == DIRECTLY else reviewer,
        ticket="" if kind in (NO_TICKET, DIRECTLY) else usual.ticket,
        steps=(at,),
        merged_at=at + timedelta(minutes=5),
    )


def _people(told: Mapping[str, Any], day: date) -> list[Person]:
    return [
        Person(each["name"], each["email"])
        for each in told["authors"]
        if "leaves" not in each or day.isoformat() <= each["leaves"]
    ]


def _pick(told: Mapping[str, Any], items: Sequence[_T], number: int, what: str) -> _T:
    return items[_digest(told, number, what) % len(items)]


def _digest(told: Mapping[str, Any], number: int, what: str) -> int:
    content = f"{told['seed']} {number} {what}".encode()
    return int.from_bytes(hashlib.sha256(content).digest()[:8], "big")
