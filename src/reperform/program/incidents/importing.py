"""A table of incidents from elsewhere, row by row: what each would do, and what is wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.incidents import (
    IncidentFields,
    State,
    incident_content,
    read_incident,
    reference,
)

ROW = "import-row"
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "title": "Title",
        "kind": "Kind",
        "severity": "Severity",
        "state": "State",
        "is_exercise": "Exercise",
        "reason": "Reason",
        "began_at": "Began",
        "noticed_at": "Noticed",
        "reported_at": "Reported",
        "confirmed_at": "Confirmed",
        "contained_at": "Contained",
        "resolved_at": "Resolved",
        "what": "What happened",
        "affected": "Affected",
        "assets": "Assets",
        "customers": "Customers",
        "criteria": "Criteria",
        "controls": "Controls",
        "personal_data": "Personal data",
        "handler": "Handler",
        "cause": "Root cause",
        "control_failed": "Control failed",
        "failed_controls": "Failed controls",
        "commitment_missed": "Commitment missed",
        "is_reportable": "DC 4 tells of it",
        "reportable_because": "Because",
        "extent": "Extent",
        "disposition": "Disposition",
        "lessons": "Lessons",
        "reviewed_on": "Reviewed on",
    }
)
"""Field -> title of its column, in files that go out and come in."""
_LISTS = ("assets", "customers", "criteria", "controls", "failed_controls")


@dataclass(frozen=True, slots=True)
class Held:
    """What the rows are held against.

    Attributes:
        severities: ids of the levels.
        members: number by e-mail address.
        controls: codes of the organization's controls.
        there: number of each incident by title and day.
        at: when it is imported.
    """

    severities: Collection[str]
    members: Mapping[str, int]
    controls: Collection[str]
    there: Mapping[tuple[str, date], int]
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentImportRow:
    """One row of the file.

    Attributes:
        number: as a spreadsheet counts.
        title: as it was written, fit to be shown.
        fields: the incident that it would enter; None when it enters none.
        does: what it would do, in words; empty when there is a problem.
        problems: what is wrong with it.
    """

    number: int
    title: str
    fields: IncidentFields | None
    does: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class IncidentImportPlan:
    """What a file would do; nothing of it is done when there is a problem."""

    grid: Grid
    rows: tuple[IncidentImportRow, ...]
    problems: tuple[Problem, ...]

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """The file's and the rows' problems."""
        return (*self.problems, *(each for row in self.rows for each in row.problems))

    @property
    def entered(self) -> tuple[IncidentFields, ...]:
        """The incidents that it would enter."""
        return tuple(row.fields for row in self.rows if row.fields)

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [incident_content(fields) for fields in self.entered]
        return sha256_hex(canonical_json([said, [row.does for row in self.rows]]))


def plan_incidents(grid: Grid, held: Held) -> IncidentImportPlan:
    """Return what each row of a file would do, and every problem by file, row and column."""
    names = {title.lower(): name for name, title in COLUMNS.items()} | {n: n for n in COLUMNS}
    mapping: dict[str, int] = {}
    problems = []
    for at, title in enumerate(grid.header):
        name = names.get(" ".join(title.lower().split()))
        if name and name not in mapping:
            mapping[name] = at
        elif title and title.strip().lower() != "reference":
            what = f"no field is for the column “{visible(title, limit=40)}”, or it is there twice"
            todo = f"leave it out, or name it one of: {', '.join(COLUMNS.values())}"
            problems.append(Problem(f"{grid.name}: row 1", what, todo, ROW))
    if "title" not in mapping:
        todo = "name the columns in the first row, Title among them"
        problems.append(Problem(f"{grid.name}: row 1", "there is no column Title", todo, ROW))
    if problems:
        return IncidentImportPlan(grid, (), tuple(problems))
    seen = dict(held.there)
    rows = tuple(_read(row, grid, mapping, held, seen) for row in grid.rows)
    if not rows:
        todo = "add the incidents"
        problems.append(Problem(grid.name, "has no row below its header", todo, ROW))
    return IncidentImportPlan(grid, rows, tuple(problems))


def _read(
    row: GridRow,
    grid: Grid,
    mapping: Mapping[str, int],
    held: Held,
    seen: dict[tuple[str, date], int],
) -> IncidentImportRow:
    where = f"{grid.name}: row {row.number}"
    content: dict[str, Any] = {
        name: row.cells[at] for name, at in mapping.items() if at < len(row.cells)
    }
    for name in _LISTS:
        if name in content:
            content[name] = [each.strip() for each in content[name].split(";") if each.strip()]
    address = content.pop("handler", "").lower()
    fields, found = read_incident(content, severities=held.severities, at=held.at)
    found = [*found, *_unknown(fields, address, held)]
    if len(row.cells) > len(grid.header):
        todo = "quote cells with the delimiter"
        found.append(Problem("title", "has more cells than the header", todo, ROW))
    problems = tuple(
        Problem(f"{where}: {COLUMNS.get(each.where, each.where)}", each.what, each.todo, ROW)
        for each in found
    )
    title = visible(fields.title, limit=120)
    if problems or fields.on is None:
        return IncidentImportRow(row.number, title, None, "", problems)
    there = seen.get((fields.title, fields.on))
    if there is not None:
        what = f"is {reference(there)} already" if there else "is in a row above already"
        return IncidentImportRow(row.number, title, None, f"{what}: left out", ())
    seen[fields.title, fields.on] = 0
    is_closed = fields.state is State.CLOSED
    entered = replace(
        fields,
        handler=held.members.get(address),
        state=State.RESOLVED if is_closed else fields.state,
    )
    does = f"enters an {'exercise' if fields.is_exercise else 'incident'} of {fields.on}"
    if is_closed:
        does += " as resolved: whom to notify is decided here before it is closed"
    return IncidentImportRow(row.number, title, entered, does, ())


def _unknown(fields: IncidentFields, address: str, held: Held) -> list[Problem]:
    found = []
    if address and address not in held.members:
        what = f"no member has the address {visible(address, limit=60)}"
        found.append(Problem("handler", what, "invite them first, or leave it empty", ROW))
    for name in ("controls", "failed_controls"):
        for code in getattr(fields, name):
            if code not in held.controls:
                what = f"there is no control {visible(code, limit=20)}"
                found.append(Problem(name, what, "adopt it first", ROW))
    return found
