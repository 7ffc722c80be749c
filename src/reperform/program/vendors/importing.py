"""A list of vendors in a file, row by row: what each row would do, and what is wrong with it.

A column has the name of its field; a file that goes out can come back.  An empty cell of a column
that is there empties the field; a column that is not there changes nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.cells import neutral
from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.vendors import VendorFields, read_vendor, vendor_content

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": "Name",
        "service": "Service",
        "owner": "Owner",
        "website": "Website",
        "criticality": "Criticality",
        "classification": "Classification",
        "data": "Data",
        "countries": "Countries",
        "has_access": "Reaches our systems",
        "access": "Access",
        "is_subservice": "Subservice organization",
        "method": "Method",
        "started_on": "Started on",
        "contract_on": "Contract on",
        "renews_on": "Renews on",
        "notice_by": "Notice by",
        "dpa": "DPA",
        "dpa_on": "DPA on",
        "has_confidentiality": "Confidentiality terms",
        "has_security_terms": "Security terms",
        "subprocessors": "Sub-processors",
        "note": "Note",
    }
)
"""Field -> name of its column."""
LEFT_OUT = ("Number", "Last review", "Outcome", "Next review", "Ended on")
"""Columns of a file that goes out which say what no file decides."""
LISTS = ("data", "countries", "subprocessors")
_UNDECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        vendors: content by name in small letters, the owner by number.
        members: number by e-mail address, of those who may be owners.
        classes: the criticalities that there are.
    """

    vendors: Mapping[str, Mapping[str, Any]]
    members: Mapping[str, int]
    classes: Collection[str]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file.

    Attributes:
        number: as a spreadsheet counts.
        name: of the vendor; empty when the row has none.
        fields: what the register would say; None with a problem.
        is_new: the register does not have it yet.
        does: what it would do, in words; empty when nothing changes.
        problems: what is wrong with it.
    """

    number: int
    name: str
    fields: VendorFields | None
    is_new: bool
    does: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do; nothing of it is done when there is a problem."""

    grid: Grid
    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """The file's and the rows' problems."""
        return (*self.problems, *(each for row in self.rows for each in row.problems))

    @property
    def made(self) -> int:
        """How many vendors it would enter."""
        return sum(row.is_new for row in self.rows)

    @property
    def changed(self) -> int:
        """How many vendors it would change."""
        return sum(bool(row.does) and not row.is_new for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [
            [row.number, row.does, vendor_content(row.fields) if row.fields else None]
            for row in self.rows
        ]
        return sha256_hex(canonical_json(said))


def plan_import(grid: Grid, known: Known) -> ImportPlan:
    """Return what each row of a file would do, and every problem by file, row and field."""
    names = {label.casefold(): name for name, label in COLUMNS.items()}
    names |= {name: name for name in COLUMNS}
    left_out = {each.casefold() for each in LEFT_OUT}
    columns: dict[int, str] = {}
    problems = []
    for at, label in enumerate(grid.header):
        name = names.get(label.casefold())
        if name in columns.values():
            problems.append(_problem(f"{grid.name}: row 1", f"{label} is there twice", "keep one"))
        elif name:
            columns[at] = name
        elif label.casefold() not in left_out:
            what = f"there is no column {visible(label, limit=60)!r}"
            problems.append(_problem(f"{grid.name}: row 1", what, "name it as an export does"))
    if "name" not in columns.values():
        todo = "name the column with the vendors' names Name"
        problems.append(_problem(f"{grid.name}: row 1", "no column is for Name", todo))
    if problems:
        return ImportPlan(grid, (), tuple(problems))
    seen: dict[str, int] = {}
    rows = tuple(_row(grid, each, columns, known, seen) for each in grid.rows)
    empty = _problem(grid.name, "has no row below its header", "add the vendors")
    return ImportPlan(grid, rows, () if rows else (empty,))


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "import-row")


def _row(
    grid: Grid,
    row: GridRow,
    columns: Mapping[int, str],
    known: Known,
    seen: dict[str, int],
) -> ImportRow:
    where = f"{grid.name}: row {row.number}"
    said = {
        name: plain_cell(row.cells[at]) if at < len(row.cells) else ""
        for at, name in columns.items()
    }
    key = " ".join(said["name"].split()).casefold()
    there = known.vendors.get(key)
    problems = []
    if key and key in seen:
        what = f"says the same vendor as row {seen[key]}"
        problems.append(_problem(f"{where}: Name", what, "keep one of the two"))
    seen.setdefault(key, row.number)
    if len(row.cells) > len(grid.header):
        todo = "quote cells with the delimiter"
        problems.append(_problem(where, "has more cells than the header", todo))
    content = dict(there or {}) | {name: _value(name, said[name]) for name in said}
    if said.get("owner"):
        content["owner"] = known.members.get(said["owner"].casefold())
        if content["owner"] is None:
            what = f"is no member: {visible(said['owner'], limit=60)}"
            todo = "write the e-mail address of a member who may be owner"
            problems.append(_problem(f"{where}: Owner", what, todo))
    fields, wrong = read_vendor(content, classes=known.classes)
    problems += [
        _problem(f"{where}: {COLUMNS.get(e.where, e.where)}", e.what, e.todo) for e in wrong
    ]
    if problems:
        return ImportRow(row.number, said["name"], None, there is None, "", tuple(problems))
    does = _does(there, vendor_content(fields))
    return ImportRow(row.number, fields.name, fields, there is None, does)


def plain_cell(cell: str) -> str:
    """Return what a cell said before it was made safe for spreadsheets."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell


def _value(name: str, said: str) -> Any:  # noqa: ANN401 - a text, or several
    if said.casefold() == _UNDECIDED:
        return ""
    if name in LISTS:
        return [each.strip() for each in said.replace(";", "\n").splitlines() if each.strip()]
    return said


def _does(there: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    if there is None:
        return "enters it"
    changed = [COLUMNS[name] for name, value in after.items() if there.get(name) != value]
    return f"changes {', '.join(changed)}" if changed else ""
