"""Declared tables: what evidence is shaped into and what tests of controls read."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a row of the table is evidence of."""

    EVENTS = "events"
    """Something that happened at a moment; complete only after the period is over."""
    STATE = "state"
    """How something was on the day it was looked at; says nothing of other days."""


class Type(StrEnum):
    """Column types, named as DuckDB names them.  Timestamps are UTC."""

    TEXT = "VARCHAR"
    INTEGER = "BIGINT"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    TIMESTAMP = "TIMESTAMP"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type and what it means.

    A value that the source did not give is NULL, never an empty or a false one.

    Attributes:
        name: lower case, as SQL writes it.
        type: what it holds.
        meaning: one sentence.
        ocsf: path of the attribute of the Open Cybersecurity Schema Framework (1.x) that means the
            same, such as `user.uid`; empty where it has none.
    """

    name: str
    type: Type
    meaning: str
    ocsf: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table.

    Attributes:
        name: `source.noun` as in `git.commits`, or `population.noun` for what any source may fill.
        kind: what a row is evidence of.
        columns: in order.
        ocsf: uid and name of the class of the Open Cybersecurity Schema Framework that a row is
            an event of, such as `3002 Authentication`; empty where there is none.
    """

    name: str
    kind: Kind
    columns: tuple[Column, ...]
    ocsf: str = ""


LINEAGE = (
    Column("evidence_blob", Type.TEXT, "SHA-256 of the blob that the row was read from"),
    Column("evidence_at", Type.INTEGER, "byte offset in the blob's content where the row begins"),
)
"""The two columns that every stored table has after its own."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The days for which a collection vouches, or why it vouches for none.

    Attributes:
        first: first day covered; None means since the beginning.
        last: last day covered, included; None means no day is.
        missing: why there is no or only part of the coverage, in words; empty when nothing is.
        of: whose rows it vouches for, as `aws/cloudtrail 123456789012`.  Where several fill one
            table, each must cover the period: the days of one say nothing of another.
        is_whole: every row of these days is there.  Not so, some were seen and others may lack:
            a deviation among them counts, and nothing passes by them.
    """

    first: date | None
    last: date | None
    missing: str = ""
    of: str = ""
    is_whole: bool = True
