"""The columns of a register's file: what they are called, and how their cells are read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from reperform.base.cells import neutral
from reperform.base.grid import Grid
from reperform.base.problem import Problem
from reperform.base.visible import visible

SLUG = "import-row"
"""Of every problem of a row, see docs/errors.md."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a register's file are called, and how their cells are read.

    Attributes:
        titles: field -> title of its column, as a file that goes out has it.
        needed: the field without which no row can be read.
        many: what the rows are, as in `risks`.
        others: titles that other systems use, in small letters -> field.
        left_out: titles of a file that goes out which say what no file decides, in small letters.
        is_strict: whether any other column is a problem; else it is left out, and said to be.
        choices: fields that are read in small letters.
        decisions: fields that may be *not decided*, which is an empty cell.
        lists: fields of several values, with semicolons or lines between.
        addresses: fields that name a member by e-mail address.
    """

    titles: Mapping[str, str]
    needed: str
    many: str
    others: Mapping[str, str] = field(default_factory=dict)
    left_out: Collection[str] = ()
    is_strict: bool = False
    choices: Collection[str] = ()
    decisions: Collection[str] = ()
    lists: Collection[str] = ()
    addresses: Collection[str] = ()

    def of(self, grid: Grid) -> tuple[dict[str, int], tuple[str, ...], list[Problem]]:
        """Return the column of each field, the titles that are left out, and what is wrong."""
        names = {title.lower(): name for name, title in self.titles.items()}
        names |= {_plain(name): name for name in self.titles} | dict(self.others)
        found: dict[str, int] = {}
        ignored = []
        problems = []
        where = f"{grid.name}: row 1"
        for at, title in enumerate(grid.header):
            name = names.get(_plain(title), "")
            if name and name not in found:
                found[name] = at
            elif not title or _plain(title) in self.left_out:
                continue
            elif not self.is_strict:
                ignored.append(visible(title, limit=60))
            elif name:
                what = f"{visible(title, limit=60)} is there twice"
                problems.append(Problem(where, what, "keep one", SLUG))
            else:
                what = f"there is no column {visible(title, limit=60)!r}"
                problems.append(Problem(where, what, "name it as an export does", SLUG))
        return found, tuple(ignored), problems + self.lacking(grid, found)

    def lacking(self, grid: Grid, columns: Mapping[str, int]) -> list[Problem]:
        """Return what keeps every row from being read."""
        problems = []
        title = self.titles[self.needed]
        if self.needed not in columns:
            what, where = f"no column is for {title}", f"{grid.name}: row 1"
            problems.append(Problem(where, what, f"name one column {title}", SLUG))
        if not grid.rows:
            what = "has no row below its header"
            problems.append(Problem(grid.name, what, f"add {self.many}", SLUG))
        return problems


def plain_cell(cell: str) -> str:
    """Return what a cell said before it was made safe for spreadsheets.

    >>> plain_cell("'=1+1"), plain_cell("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell


def _plain(title: str) -> str:
    return " ".join(title.lower().replace("_", " ").split())
