"""A list of assets from a spreadsheet -> what each row would do, and every problem by row.

The columns are recognized by their names, the same as in what the inventory exports.  A row with a
reference changes that asset; any other makes a new one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.assets import PREFIX, AssetFields, asset_content, read_asset, reference

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "number": "Reference",
        "name": "Name",
        "kind": "Kind",
        "purpose": "Purpose",
        "owner": "Owner",
        "environment": "Environment",
        "classification": "Classification",
        "criticality": "Criticality",
        "vendor": "Vendor",
        "in_boundary": "In the boundary",
        "internet_facing": "Internet-facing",
        "has_accounts": "Has accounts",
        "review_months": "Months between reviews",
        "since": "Since",
    }
)
"""Field -> title of its column."""
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "asset": "name",
        "asset name": "name",
        "system": "name",
        "hostname": "name",
        "type": "kind",
        "category": "kind",
        "description": "purpose",
        "asset owner": "owner",
        "owner email": "owner",
        "data classification": "classification",
        "in scope": "in_boundary",
        "supplier": "vendor",
        "provider": "vendor",
        "env": "environment",
        "id": "number",
        "asset id": "number",
    }
)
"""Titles that other inventories use, in small letters."""
SLUG = "import-row"


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        members: number by e-mail address, of active members.
        assets: what each asset in use says, by number.
        retired: numbers of those that are retired.
    """

    members: Mapping[str, int]
    assets: Mapping[int, AssetFields]
    retired: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Taken:
    """Names that are taken, by what, and numbers that rows above are about."""

    names: dict[str, str]
    numbers: set[int]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file.

    Attributes:
        row: as a spreadsheet counts.
        number: of the asset that it changes; None when it makes one.
        fields: what the asset would say.
        does: what it would do, in words; empty when it changes nothing.
        problems: what is wrong with it.
    """

    row: int
    number: int | None
    fields: AssetFields
    does: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class AssetImport:
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
    def made(self) -> int:
        """How many assets it would make."""
        return sum(row.number is None for row in self.rows)

    @property
    def changed(self) -> int:
        """How many assets it would change."""
        return sum(row.number is not None and bool(row.does) for row in self.rows)

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [[row.row, row.number, row.does, asset_content(row.fields)] for row in self.rows]
        return sha256_hex(canonical_json(said))


def plan_import(grid: Grid, known: Known) -> AssetImport:
    """Return what each row of a file would do, and every problem by file, row and field."""
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
    if "name" not in columns:
        todo = "name one column Name"
        problems.append(Problem(f"{grid.name}: row 1", "no column has names", todo, SLUG))
    if not grid.rows:
        problems.append(Problem(grid.name, "has no row below its header", "add assets", SLUG))
    rows: list[ImportRow] = []
    if not problems:
        taken = _Taken({f.name: reference(n) for n, f in known.assets.items()}, set())
        rows = [_read(grid.name, row, columns, known, taken) for row in grid.rows]
    return AssetImport(grid, columns, tuple(ignored), tuple(rows), tuple(problems))


def _read(
    file: str, row: GridRow, columns: Mapping[str, int], known: Known, taken: _Taken
) -> ImportRow:
    where = f"{file}: row {row.number}"
    said: dict[str, Any] = {
        name: row.cells[at] if at < len(row.cells) else "" for name, at in columns.items()
    }
    found: list[tuple[str, str, str]] = []
    number = _number(said.pop("number", ""), known, taken.numbers, found)
    for name in ("kind", "environment", "classification", "criticality"):
        if name in said:
            said[name] = said[name].lower()
    for name in ("in_boundary", "internet_facing", "has_accounts"):
        if said.get(name, "").lower() in ("not decided", "unknown", "?"):
            said[name] = ""
    address = said.get("owner", "").lower()
    if address:
        said["owner"] = known.members.get(address)
        if said["owner"] is None:
            what = f"no active member has the address {visible(address, limit=60)}"
            found.append(("owner", what, "invite them first"))
    if number is not None:  # what has no column stays as it is
        said = asset_content(known.assets[number]) | said
    fields, problems = read_asset(said)
    found += [(each.where, each.what, each.todo) for each in problems]
    by = taken.names.get(fields.name)
    if fields.name and by and by != (reference(number) if number else ""):
        todo = "name it in the column Reference to change it, or call this one otherwise"
        found.append(("name", f"{visible(fields.name, limit=60)} is {by} already", todo))
    taken.names.setdefault(fields.name, f"row {row.number}")
    return ImportRow(
        row=row.number,
        number=number,
        fields=fields,
        does="" if found else _does(number, fields, known),
        problems=tuple(
            Problem(f"{where}: {COLUMNS.get(name, name)}", what, todo, SLUG)
            for name, what, todo in found
        ),
    )


def _number(
    said: str, known: Known, seen: set[int], found: list[tuple[str, str, str]]
) -> int | None:
    """Return the number of the asset that a row is about; None when it makes one."""
    if not said:
        return None
    match = re.fullmatch(rf"(?:{PREFIX}-)?([1-9]\d{{0,8}})", said.strip(), re.ASCII | re.IGNORECASE)
    number = int(match[1]) if match else 0
    if number in known.retired:
        found.append(("number", f"{reference(number)} is retired", "leave the row out"))
    elif number not in known.assets:
        what = f"there is no {visible(said, limit=40)}"
        found.append(("number", what, "leave it empty to enter a new asset"))
    elif number in seen:
        found.append(("number", f"{reference(number)} is there twice", "keep one of the rows"))
    else:
        seen.add(number)
        return number
    return None


def _does(number: int | None, fields: AssetFields, known: Known) -> str:
    if number is None:
        return f"enters {fields.name}"
    before, after = asset_content(known.assets[number]), asset_content(fields)
    changed = [COLUMNS[name].lower() for name in after if before[name] != after[name]]
    return f"changes {', '.join(changed)} of {reference(number)}" if changed else ""


def import_rows(plan: AssetImport) -> Sequence[ImportRow]:
    """Return the rows that do something."""
    return [row for row in plan.rows if row.does]
