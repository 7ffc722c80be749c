"""A register that comes as a file: what each row would do, and every problem by file, row, field.

A register declares its columns (`Columns`) and how it knows what a row is about (a `Rows` of its
own); everything else is the same for all.  Nothing of a file is done when there is a problem, and
an import does what its dry run showed or nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.grid import Grid
from reperform.base.problem import Problem

Fields = TypeVar("Fields")


@dataclass(frozen=True, slots=True)
class ImportRow(Generic[Fields]):
    """One row of the file.

    Attributes:
        row: as a spreadsheet counts.
        number: in the register, of what it changes; None when it enters a new one.
        name: of what it is about, fit to be shown.
        fields: what the register would say; meaningless with a problem.
        does: what it would do, in words; empty when it does nothing.
        problems: what is wrong with it.
        is_left_out: it does nothing, and `does` says why.
    """

    row: int
    number: int | None
    name: str
    fields: Fields
    does: str
    problems: tuple[Problem, ...]
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class RegisterImport(Generic[Fields]):
    """What a file would do; nothing of it is done when there is a problem.

    Attributes:
        grid: the file.
        columns: column by field.
        ignored: titles of the columns that are not read.
        rows: every row that is not empty.
        problems: of the file as a whole.
        content: of a row's fields, as JSON values.
        absent: what the register has and the file does not, where that is worth a look.
    """

    grid: Grid
    columns: Mapping[str, int]
    ignored: tuple[str, ...]
    rows: tuple[ImportRow[Fields], ...]
    problems: tuple[Problem, ...]
    content: Callable[[Fields], Any]
    absent: tuple[str, ...] = ()

    @property
    def titles_read(self) -> list[str]:
        """Titles of the columns that are read, as the file has them."""
        return [self.grid.header[at] for at in self.columns.values()]

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """The file's and the rows' problems."""
        return (*self.problems, *(each for row in self.rows for each in row.problems))

    @property
    def acting(self) -> Sequence[ImportRow[Fields]]:
        """The rows that do something."""
        return [row for row in self.rows if row.does and not row.is_left_out]

    @property
    def entered(self) -> list[Fields]:
        """What it would enter."""
        return [row.fields for row in self.acting if row.number is None]

    @property
    def made(self) -> int:
        """How many it would enter."""
        return len(self.entered)

    @property
    def changed(self) -> int:
        """How many it would change."""
        return len(self.acting) - self.made

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [[row.row, row.number, row.does, self.content(row.fields)] for row in self.acting]
        return sha256_hex(canonical_json([said, [row.row for row in self.rows]]))
