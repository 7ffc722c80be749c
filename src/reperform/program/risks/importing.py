"""A register from a spreadsheet -> what each row would do, and every problem by row and column.

The columns are those that the register exports.  A row with a reference changes that risk, any
other enters one; how much a risk matters is judged in the register and never read from a file.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.risks.risk import RiskFields, read_risk, risk_content

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "Reference",
        "title": "Title",
        "description": "Description",
        "objective": "Threatens",
        "category": "Category",
        "owner": "Owner",
        "treatment": "Treatment",
        "treatment_reason": "Reason of the treatment",
        "accepted_by": "Accepted by",
        "accepted_until": "Accepted until",
        "controls": "Controls",
        "criteria": "Criteria",
        "cycle_months": "Months between reviews",
        "frequency_low": "Events in 100 years, at least",
        "frequency_high": "Events in 100 years, at most",
        "loss_low": "Loss of one, at least",
        "loss_high": "Loss of one, at most",
    }
)
"""Field -> title of its column."""
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "risk": "title",
        "risk title": "title",
        "name": "title",
        "risk description": "description",
        "risk owner": "owner",
        "owner email": "owner",
        "response": "treatment",
        "risk treatment": "treatment",
        "id": "number",
        "risk id": "number",
    }
)
"""Titles that other registers use, in small letters."""
SLUG = "import-row"
_REFERENCE = re.compile(r"(?:RISK-)?([1-9]\d{0,8})", re.ASCII | re.IGNORECASE)
_PEOPLE = ("owner", "accepted_by")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        members: number by e-mail address, of active members.
        risks: what each open risk says, by number.
        closed: numbers of the closed ones.
        controls: codes of the adopted controls.
        today: the day of the import.
    """

    members: Mapping[str, int]
    risks: Mapping[int, RiskFields]
    closed: Collection[int]
    controls: Collection[str]
    today: date


@dataclass(frozen=True, slots=True)
class _Taken:
    """Titles of open risks and of rows above, by what, and numbers that rows above are about.

    So a file that is brought twice enters nothing twice.
    """

    titles: dict[str, str]
    numbers: set[int]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file.

    Attributes:
        row: as a spreadsheet counts.
        number: of the risk that it changes; None when it enters one.
        fields: what the risk would say.
        does: what it would do, in words; empty when it changes nothing.
        problems: what is wrong with it.
    """

    row: int
    number: int | None
    fields: RiskFields
    does: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RiskImport:
    """What a file would do; nothing of it is done when there is a problem."""

    grid: Grid
    columns: Mapping[str, int]
    ignored: tuple[str, ...]
    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """The file's and the rows' problems."""
        return (*self.problems, *(each for row in self.rows for each in row.problems))

    @property
    def acting(self) -> Sequence[ImportRow]:
        """The rows that do something."""
        return [row for row in self.rows if row.does]

    @property
    def made(self) -> int:
        """How many risks it would enter."""
        return sum(row.number is None for row in self.acting)

    @property
    def changed(self) -> int:
        """How many risks it would change."""
        return len(self.acting) - self.made

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [[row.row, row.number, row.does, risk_content(row.fields)] for row in self.rows]
        return sha256_hex(canonical_json(said))


def plan_import(grid: Grid, known: Known) -> RiskImport:
    """Return what each row of a file would do, and every problem by file, row and column."""
    titles = {title.lower(): name for name, title in COLUMNS.items()} | dict(_OTHERS)
    columns: dict[str, int] = {}
    ignored = []
    for at, title in enumerate(grid.header):
        name = titles.get(" ".join(title.lower().replace("_", " ").split()), "")
        if name and name not in columns:
            columns[name] = at
        elif title:
            ignored.append(visible(title, limit=60))
    problems = []
    if "title" not in columns:
        todo = "name one column Title"
        problems.append(Problem(f"{grid.name}: row 1", "no column has titles", todo, SLUG))
    if not grid.rows:
        problems.append(Problem(grid.name, "has no row below its header", "add risks", SLUG))
    rows: list[ImportRow] = []
    if not problems:
        taken = _Taken({f.title: f"RISK-{n}" for n, f in known.risks.items()}, set())
        rows = [_read(grid.name, row, columns, known, taken) for row in grid.rows]
    return RiskImport(grid, columns, tuple(ignored), tuple(rows), tuple(problems))


def _read(
    file: str, row: GridRow, columns: Mapping[str, int], known: Known, taken: _Taken
) -> ImportRow:
    said: dict[str, Any] = {
        name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()
    }
    found: list[tuple[str, str, str]] = []
    number = _number(said.pop("number", ""), known, taken.numbers, found)
    for name in ("category", "treatment"):
        if name in said:
            said[name] = said[name].lower()
    for name in _PEOPLE:
        if address := said.get(name, "").lower():
            said[name] = known.members.get(address)
            if said[name] is None:
                what = f"no active member has the address {visible(address, limit=60)}"
                found.append((name, what, "invite them first"))
    before = known.risks[number] if number else None
    if before:  # what has no column stays as it is
        said = risk_content(before) | said
    codes = {*known.controls, *(before.controls if before else ())}
    fields, problems = read_risk(said, today=known.today, controls=codes)
    found += [(each.where, each.what, each.todo) for each in problems]
    by = taken.titles.get(fields.title)
    if fields.title and by and number is None:
        todo = "name it in the column Reference to change it, or call this one otherwise"
        found.append(("title", f"{visible(fields.title, limit=60)} is {by} already", todo))
    taken.titles.setdefault(fields.title, f"row {row.number}")
    return ImportRow(
        row=row.number,
        number=number,
        fields=fields,
        does="" if found else _does(number, fields, before),
        problems=tuple(
            Problem(f"{file}: row {row.number}: {COLUMNS.get(name, name)}", what, todo, SLUG)
            for name, what, todo in found
        ),
    )


def _number(
    said: str, known: Known, seen: set[int], found: list[tuple[str, str, str]]
) -> int | None:
    """Return the number of the risk that a row is about; None when it enters one."""
    if not said:
        return None
    match = _REFERENCE.fullmatch(said.strip())
    number = int(match[1]) if match else 0
    if number in known.closed:
        found.append(("number", f"RISK-{number} is closed", "leave the row out"))
    elif number not in known.risks:
        what = f"there is no {visible(said, limit=40)}"
        found.append(("number", what, "leave it empty to enter a new risk"))
    elif number in seen:
        found.append(("number", f"RISK-{number} is there twice", "keep one of the rows"))
    else:
        seen.add(number)
        return number
    return None


def _does(number: int | None, fields: RiskFields, before: RiskFields | None) -> str:
    if before is None:
        return f"enters {fields.title}"
    was, is_ = risk_content(before), risk_content(fields)
    changed = [COLUMNS.get(name, name).lower() for name in is_ if was[name] != is_[name]]
    return f"changes {', '.join(changed)} of RISK-{number}" if changed else ""
