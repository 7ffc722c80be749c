"""The short form by which anybody reports an incident: what it asks, and the incident it makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.incidents import FIELD, IncidentFields


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody noticed.

    Attributes:
        title: a few words.
        what: what happened.
        noticed_at: when they noticed; None when they cannot say.
        affected: what it touched, as far as they know.
        personal_data: whether personal data may be involved; None when they do not know.
    """

    title: str
    what: str
    noticed_at: datetime | None = None
    affected: str = ""
    personal_data: bool | None = None

    def incident(self, *, at: datetime) -> IncidentFields:
        """Return the incident as it begins in the register, reported at `at`."""
        return IncidentFields(
            title=self.title,
            what=self.what,
            noticed_at=self.noticed_at,
            reported_at=at.replace(microsecond=0),
            affected=self.affected,
            personal_data=self.personal_data,
        )


def read_report(content: Mapping[str, Any], *, at: datetime) -> tuple[Report, list[Problem]]:
    """Return the report that `content` says, and what is wrong with its fields.

    Args:
        content: by field name of `Report`.
        at: nothing was noticed after it.
    """
    reader = Reader(content, FIELD)
    found = Report(
        title=reader.line("title", needed="say in a few words what it is"),
        what=reader.text("what", needed="say what happened, as you saw it"),
        noticed_at=reader.moment("noticed_at", latest=at.replace(microsecond=0)),
        affected=reader.text("affected"),
        personal_data=reader.flag("personal_data"),
    )
    reader.refuse_others(Report.__dataclass_fields__, "a report")
    return found, reader.problems
