"""Shapes of what the operations on files of connections, and on mappings, take and answer."""

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from reperform.connectors.lists.trial import Trial
from reperform.program.models import KeptFile


class BroughtFileOut(Schema):
    """A file that was brought to a connection: the next run reads it."""

    number: int
    name: str
    size: int
    sha256: str
    by: str
    at: datetime

    @staticmethod
    def of(file: KeptFile) -> "BroughtFileOut":
        """Return a file as an answer."""
        return BroughtFileOut(**{name: getattr(file, name) for name in BroughtFileOut.model_fields})


class MappingTrialIn(Schema):
    """Lines of a mapping that is tried: `column = fields | how`; nothing is kept."""

    mapping: list[str] = Field(max_length=200)


class MappingErrorOut(Schema):
    """What is wrong with the field of one row that fills a column."""

    row: int
    field: str
    what: str


class MappedRowOut(Schema):
    """One of the first rows that count, and its columns."""

    row: int
    values: dict[str, Any]


class MappedFileOut(Schema):
    """What a mapping makes of one file; `errors` are the first of `error_count`."""

    name: str
    refused: str
    fields: list[str]
    unused: list[str]
    rows: int
    left_out: int
    first: list[MappedRowOut]
    errors: list[MappingErrorOut]
    error_count: int


class MappingTrialOut(Schema):
    """What a mapping makes of the files that are there; `flaw` is why it cannot be followed."""

    flaw: str
    files: list[MappedFileOut]
    more: int

    @staticmethod
    def of(trial: Trial) -> "MappingTrialOut":
        """Return a trial as an answer."""
        files = [
            MappedFileOut(
                name=each.name,
                refused=each.refused,
                fields=list(each.fields),
                unused=list(each.unused),
                rows=each.rows,
                left_out=each.left_out,
                first=[MappedRowOut(row=row, values=dict(values)) for row, values in each.mapped],
                errors=[MappingErrorOut(row=e.row, field=e.field, what=e.what) for e in each.wrong],
                error_count=each.wrong_count,
            )
            for each in trial.files
        ]
        return MappingTrialOut(flaw=trial.flaw, files=files, more=trial.more)
