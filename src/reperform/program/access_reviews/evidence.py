"""Where a list of accounts comes from: what makes it evidence rather than a file.

An auditor takes such a list as information produced by the entity (IPE), and asks for its source,
the query, who ran it, when, and whether it is complete.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader

SLUG = "account-list"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a list comes from.

    Attributes:
        source: which system was asked, as in `Okta, larkspur.okta.com`.
        query: what it was asked, exactly: a command, a report's name with its filters.
        taken_at: when it was asked.
        taken_by: who asked.
        is_whole: it has every account of the system; None while nobody knows.
        privileged_words: words of the access that mean privileged, between commas.
    """

    source: str
    query: str
    taken_at: datetime
    taken_by: str
    is_whole: bool | None = None
    privileged_words: str = ""


def read_origin(content: Mapping[str, Any], *, now: datetime) -> tuple[Origin, list[Problem]]:
    """Return where a list comes from, and what is wrong with what was said; none is of later."""
    reader = Reader(content, SLUG)
    origin = Origin(
        source=reader.line("source", needed="say which system was asked"),
        query=reader.text("query", needed="say what it was asked, exactly", longest=4_000),
        taken_at=_moment(reader, "taken_at", now),
        taken_by=reader.line("taken_by", needed="say who took it", longest=200),
        is_whole=reader.flag("is_whole"),
        privileged_words=reader.line("privileged_words"),
    )
    reader.refuse_others(Origin.__dataclass_fields__, "a list of accounts")
    return origin, reader.problems


def _moment(reader: Reader, name: str, now: datetime) -> datetime:
    said = reader.line(name, needed="say when it was taken, as 2026-01-31 14:05", longest=40)
    if not said:
        return now
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        reader.problem(name, "is not a time", "write it as 2026-01-31 14:05, in UTC")
        return now
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found > now:
        reader.problem(name, "has not come yet", "write when the source was asked, in UTC")
        return now
    return found
