"""One entry of an incident's timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.incidents import FIELD


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What somebody writes.

    Attributes:
        said: what happened, or was done, or was found.
        happened_at: when; None for when it is written.
        corrects: number of the entry that it puts right; None for none.
    """

    said: str
    happened_at: datetime | None = None
    corrects: int | None = None


def read_entry(content: Mapping[str, Any], *, at: datetime) -> tuple[EntryFields, list[Problem]]:
    """Return the entry that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `EntryFields`.
        at: nothing happened after it.
    """
    reader = Reader(content, FIELD)
    fields = EntryFields(
        said=reader.text("said", needed="say what happened, was done or was found"),
        happened_at=reader.moment("happened_at", latest=at.replace(microsecond=0)),
        corrects=reader.number("corrects"),
    )
    reader.refuse_others(EntryFields.__dataclass_fields__, "an entry")
    return fields, reader.problems
