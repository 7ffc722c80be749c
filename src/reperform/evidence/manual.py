"""Evidence that somebody brings by hand: what it is of, of which days, and where it is from.

Pure.  A picture of a screen proves something only with the system that it shows and the time at
which it was taken; any other file has days of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader, moment_text
from reperform.base.refusal import RefusalError

SLUG = "manual-evidence"
PICTURES = ("png", "jpg")
"""Kinds of files, by their content, that show a screen."""
FIELDS = (
    "title",
    "control",
    "table",
    "request",
    "first",
    "last",
    "source",
    "taken_at",
    "given_by",
    "shows",
)


class ManualEvidenceRefusedError(RefusalError):
    """Manual evidence does not say what it is of, of when, or where it is from."""

    slug = "manual-evidence-refused"

    def __init__(self, problems: list[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was kept: {problems[0].where}: {problems[0].what}",
            why="Evidence that does not say what it is of, and of when, is evidence of nothing.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ManualFields:
    """What somebody says of a file that they bring.

    Attributes:
        title: a few words.
        control: code of the adopted control that it is evidence of; empty for none.
        table: name of the table that it stands beside or in for; empty for none.
        request: what was asked for, in the auditor's words or by their number; empty for none.
        first: first day of which it is evidence.
        last: last day, included; the same for a state of one day.
        source: system and place that it is from, such as an address; empty when not said.
        taken_at: when it was taken from there, in UTC; None when not said.
        given_by: who made it, or gave it to whoever brings it; empty when they did themselves.
        shows: what an auditor is to see in it.
    """

    title: str
    control: str
    table: str
    request: str
    first: date
    last: date
    source: str
    taken_at: datetime | None
    given_by: str
    shows: str


def read_manual(
    content: Mapping[str, Any], *, today: date, now: datetime
) -> tuple[ManualFields, list[Problem]]:
    """Return what a form or an API's body says of a file, and what is wrong with that.

    Args:
        content: by name, as `FIELDS`.
        today: no evidence is of a later day.
        now: nothing was taken later.
    """
    reader = Reader(content, SLUG)
    reader.refuse_others(FIELDS, "manual evidence")
    first = reader.day("first", needed="give the day, or the first of the days", latest=today)
    last = reader.day("last", latest=today) or first
    taken_at = reader.moment("taken_at")
    if taken_at and taken_at > now:
        reader.problem("taken_at", "is in the future", "say when it was taken")
    if first and last and last < first:
        reader.problem("last", "is before the first day", "correct one of the two")
    fields = ManualFields(
        title=reader.line("title", needed="say in a few words what it is", longest=200),
        control=reader.line("control", longest=12),
        table=reader.line("table", longest=80),
        request=reader.line("request", longest=300),
        first=first or today,
        last=last or today,
        source=reader.line("source", longest=500),
        taken_at=taken_at,
        given_by=reader.line("given_by", longest=200),
        shows=reader.text("shows", longest=4_000),
    )
    if not (fields.control or fields.table or fields.request):
        todo = "name a control, a table or what was asked for"
        reader.problem("control", "is empty, and so are table and request", todo)
    return fields, reader.problems


def picture_problems(fields: ManualFields, kind: str) -> list[Problem]:
    """Return what a picture of a screen lacks; any other file lacks nothing.

    Args:
        fields: what is said of it.
        kind: of the file, by its content, as `png`.
    """
    if kind not in PICTURES:
        return []
    lacks = []
    if not fields.source:
        what = "is empty, and the file is a picture"
        todo = "name the system that it shows, by its address where it has one"
        lacks.append(Problem("source", what, todo, SLUG))
    if fields.taken_at is None:
        what = "is empty, and the file is a picture"
        lacks.append(Problem("taken_at", what, "say when it was taken, with the time", SLUG))
    return lacks


def manual_content(fields: ManualFields) -> dict[str, Any]:
    """Return what the ledger, a form and the API say of manual evidence, as JSON values."""
    return {
        "title": fields.title,
        "control": fields.control,
        "table": fields.table,
        "request": fields.request,
        "first": fields.first.isoformat(),
        "last": fields.last.isoformat(),
        "source": fields.source,
        "taken_at": moment_text(fields.taken_at) if fields.taken_at else None,
        "given_by": fields.given_by,
        "shows": fields.shows,
    }
