"""Reading the rows of a register's file."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Generic

from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.importing import Fields, ImportRow, RegisterImport
from reperform.program.importing.columns import SLUG, Columns, plain_cell

_UNDECIDED = ("not decided", "unknown", "?")


class Rows(ABC, Generic[Fields]):
    """Reads the rows of one file; a register says how it knows what a row is about."""

    def __init__(self, columns: Columns, members: Mapping[str, int]) -> None:
        """Keep what rows are read by.

        Args:
            columns: of the register.
            members: number by e-mail address, of those who may be named.
        """
        self.columns, self.members = columns, members
        self.found: list[tuple[str, str, str]] = []

    @abstractmethod
    def about(self, said: dict[str, Any]) -> tuple[int | None, Fields | None]:
        """Return the number of what a row changes, and what the register says of it now."""

    @abstractmethod
    def read(self, said: Mapping[str, Any], before: Fields | None) -> tuple[Fields, list[Problem]]:
        """Return what the register would say."""

    @abstractmethod
    def content(self, fields: Fields) -> Mapping[str, Any]:
        """Return fields as JSON values."""

    @abstractmethod
    def does(self, number: int | None, before: Fields | None, after: Fields) -> str:
        """Return what a row would do, in words; empty for nothing."""

    def check(self, row: int, number: int | None, fields: Fields) -> None:
        """Note what speaks against a row beside its own fields."""

    def is_left_out(self, fields: Fields) -> bool:  # noqa: ARG002 - of registers that leave rows out
        """Return whether a row does nothing, for a reason that `does` says."""
        return False

    def name(self, fields: Fields) -> str:
        """Return what a row is about, fit to be shown."""
        return visible(str(getattr(fields, self.columns.needed)), limit=120)

    def unknown(self, address: str) -> tuple[str, str]:
        """Return what is said of an address that is no member's, and what to do."""
        what = f"no active member has the address {visible(address, limit=60)}"
        return what, "invite them first"

    def wrong(self, field: str, what: str, todo: str) -> None:
        """Note what is wrong with a field of the row that is being read."""
        self.found.append((field, what, todo))

    def changed(self, before: Fields, after: Fields) -> list[str]:
        """Return the titles of what changes, in small letters."""
        was, is_ = self.content(before), self.content(after)
        titles = self.columns.titles
        return [titles.get(name, name).lower() for name in is_ if was[name] != is_[name]]

    def plan(self, grid: Grid, mapping: Mapping[str, int] | None = None) -> RegisterImport[Fields]:
        """Return what a file would do; `mapping`: the columns that somebody chose by field."""
        if mapping is None:
            columns, ignored, problems = self.columns.of(grid)
        else:
            columns, problems = dict(mapping), self.columns.lacking(grid, mapping)
            rest = [title for at, title in enumerate(grid.header) if at not in mapping.values()]
            ignored = tuple(visible(title, limit=60) for title in rest if title)
        rows = () if problems else tuple(self._row(grid, each, columns) for each in grid.rows)
        return RegisterImport(grid, columns, ignored, rows, tuple(problems), self.content)

    def _row(self, grid: Grid, row: GridRow, columns: Mapping[str, int]) -> ImportRow[Fields]:
        self.found = []
        if any(row.cells[len(grid.header) :]):
            todo = "quote cells with the delimiter"
            self.wrong("", "has more cells than the header", todo)
        cells = {name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()}
        said = {name: self._value(name, plain_cell(cell)) for name, cell in cells.items()}
        number, before = self.about(said)
        # What has no column stays as it is.
        fields, problems = self.read(dict(self.content(before)) | said if before else said, before)
        for each in problems:
            self.wrong(each.where, each.what, each.todo)
        self.check(row.number, number, fields)
        does = "" if self.found else self.does(number, before, fields)
        return ImportRow(
            row=row.number,
            number=number,
            name=self.name(fields),
            fields=fields,
            does=does,
            problems=tuple(self._problem(grid, row, *each) for each in self.found),
            is_left_out=bool(does) and self.is_left_out(fields),
        )

    def _problem(self, grid: Grid, row: GridRow, name: str, what: str, todo: str) -> Problem:
        title = f": {self.columns.titles.get(name, name)}" if name else ""
        return Problem(f"{grid.name}: row {row.number}{title}", what, todo, SLUG)

    def _value(self, name: str, cell: str) -> Any:  # noqa: ANN401 - a text, several, a number
        if name in self.columns.lists:
            return [each.strip() for each in cell.replace(";", "\n").splitlines() if each.strip()]
        if name in self.columns.addresses:
            number = self.members.get(cell.lower())
            if cell and number is None:
                self.wrong(name, *self.unknown(cell))
            return number if cell else ""
        if name in self.columns.decisions and cell.lower() in _UNDECIDED:
            return ""
        return cell.lower() if name in self.columns.choices else cell
