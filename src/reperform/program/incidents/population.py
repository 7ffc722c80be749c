"""The days that a list of incidents is about, and the statement that there was none on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reperform.base.period import Period
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.incidents import FIELD, IncidentFields


@dataclass(frozen=True, slots=True)
class InPopulation:
    """An incident of a population, as an auditor takes it.

    Attributes:
        number: by which people name it.
        fields: what the register says.
        handler: e-mail address of the handler; empty for nobody.
    """

    number: int
    fields: IncidentFields
    handler: str


@dataclass(frozen=True, slots=True)
class NoneFields:
    """A statement that there was no incident.

    Attributes:
        first: the first day.
        last: the last day.
        basis: what it rests on: where was looked.
    """

    first: date
    last: date
    basis: str


def read_none(content: Mapping[str, Any], *, today: date) -> tuple[NoneFields, list[Problem]]:
    """Return the statement that `content` says, and what is wrong with it.

    Args:
        content: by field name of `NoneFields`.
        today: nobody can state more than is past.
    """
    reader = Reader(content, FIELD)
    first = reader.day("first", needed="name the first day", latest=today)
    last = reader.day("last", needed="name the last day", latest=today)
    basis = reader.text(
        "basis", needed="say where you looked: alerts, tickets, reports of the workforce"
    )
    reader.refuse_others(NoneFields.__dataclass_fields__, "a statement")
    if first and last and last < first:
        reader.problem("last", "is before the first day", "swap the two days")
    return NoneFields(first or today, last or today, basis), reader.problems


def chosen_days(
    first: date | None, last: date | None, *, otherwise: Period | None
) -> Period | None:
    """Return the days from `first` to `last`, in either order; `otherwise` when one is missing."""
    if first is None or last is None:
        return otherwise
    return Period(min(first, last), max(first, last))
