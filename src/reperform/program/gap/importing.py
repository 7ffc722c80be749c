"""An earlier assessment, row by row: what each row would do, and what is wrong with it.

A status that comes from a file is *claimed*: it stands beside the computed one and never changes
it.  A row that claims a gap makes a task.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.gap import Status
from reperform.program.gap.mapping import FIELDS, NEEDED, STATUSES
from reperform.program.plan import LONGEST_TITLE, MOST_EFFORT, Risk, TaskFields

_CRITERION = re.compile(
    r"(?P<series>CC|PI|A|C|P)\s?(?P<number>\d\.\d{1,2})(-(?P<point>[a-z]{1,2}))?",
    re.IGNORECASE | re.ASCII,
)
_EFFORT = re.compile(
    r"(?P<days>\d{1,4})(\.0+)?\s*(d|days?|working days?)?", re.IGNORECASE | re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_GAPS = (Status.PARTLY, Status.NOT_MET)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are held against.

    Attributes:
        points: every criterion with the ids of its points of focus.
        in_scope: criteria whose category is in scope.
        members: number by e-mail address, of those who may sign in.
        controls: codes of the adopted controls.
        open_tasks: number by criterion, control and title.
    """

    points: Mapping[str, frozenset[str]]
    in_scope: frozenset[str]
    members: Mapping[str, int]
    controls: frozenset[str]
    open_tasks: Mapping[tuple[str, str, str], int]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of the file.

    Attributes:
        number: as a spreadsheet counts.
        criterion: that it is about; empty when that cannot be read.
        point: its point of focus; empty for none.
        status: what it claims; None when that cannot be read.
        note: as it was written.
        task: the task that it would make; None for none.
        does: what it would do, in words.
        problems: what is wrong with it.
    """

    number: int
    criterion: str
    point: str
    status: Status | None
    note: str
    task: TaskFields | None
    does: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What a file would do; nothing of it is done when there is a problem.

    Attributes:
        grid: the file.
        mapping: column by field.
        rows: every row that is not empty.
        problems: of the file as a whole.
    """

    grid: Grid
    mapping: Mapping[str, int]
    rows: tuple[ImportRow, ...]
    problems: tuple[Problem, ...]

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """The file's and the rows' problems."""
        return (*self.problems, *(each for row in self.rows for each in row.problems))

    @property
    def tasks(self) -> int:
        """How many tasks it would make."""
        return sum(row.task is not None for row in self.rows)

    @property
    def claims(self) -> Mapping[str, int]:
        """How many rows claim each status."""
        return dict(Counter(row.status.value for row in self.rows if row.status))

    @property
    def fingerprint(self) -> str:
        """Digest of what it would do: an import does what its dry run showed, or nothing."""
        said = [[row.number, row.criterion, row.point, *row.does] for row in self.rows]
        return sha256_hex(canonical_json([dict(self.mapping), said]))


def plan_import(grid: Grid, mapping: Mapping[str, int], known: Known) -> ImportPlan:
    """Return what each row of a file would do, and every problem by file, row and field.

    Args:
        grid: the file.
        mapping: column by field, see `gap_mapping`.
        known: what the rows are held against.
    """
    missing = [name for name in NEEDED if name not in mapping]
    if missing:
        problems = tuple(
            _problem(f"{grid.name}: row 1", f"no column is for {FIELDS[name]}", "choose one")
            for name in missing
        )
        return ImportPlan(grid, mapping, (), problems)
    seen: dict[tuple[str, str, str], int] = {}
    rows = [_Row(grid, row, mapping, known, seen).read() for row in grid.rows]
    problems = (
        () if rows else (_problem(grid.name, "has no row below its header", "add the assessment"),)
    )
    return ImportPlan(grid, mapping, tuple(rows), problems)


def _problem(where: str, what: str, todo: str) -> Problem:
    return Problem(where, what, todo, "import-row")


class _Row:
    """Reads one row."""

    def __init__(
        self,
        grid: Grid,
        row: GridRow,
        mapping: Mapping[str, int],
        known: Known,
        seen: dict[tuple[str, str, str], int],
    ) -> None:
        self._row, self._grid, self._known, self._seen = row, grid, known, seen
        self._said = {
            name: row.cells[at] if at < len(row.cells) else "" for name, at in mapping.items()
        }
        self._problems: list[Problem] = []

    def read(self) -> ImportRow:
        if len(self._row.cells) > len(self._grid.header):
            self._wrong("", "has more cells than the header", "quote cells with the delimiter")
        criterion, point = self._criterion()
        status = self._status()
        control = self._control()
        note = self._note()
        place = (criterion, point, control)
        if criterion and place in self._seen:
            what = f"says the same criterion and control as row {self._seen[place]}"
            self._wrong("criterion", what, "keep one of the two")
        self._seen.setdefault(place, self._row.number)
        task = self._task(criterion, point, control, note) if status in _GAPS else None
        same = self._known.open_tasks.get((criterion, control, task.title)) if task else None
        does = [] if self._problems else self._does(criterion, point, status, task, same)
        return ImportRow(
            number=self._row.number,
            criterion=criterion,
            point=point,
            status=status,
            note=note,
            task=None if same else task,
            does=tuple(does),
            problems=tuple(self._problems),
        )

    def _wrong(self, field: str, what: str, todo: str) -> None:
        where = f"{self._grid.name}: row {self._row.number}"
        label = f": {FIELDS[field]}" if field else ""
        self._problems.append(_problem(f"{where}{label}", what, todo))

    def _text(self, field: str) -> str:
        return self._said.get(field, "")

    def _criterion(self) -> tuple[str, str]:
        said = self._text("criterion")
        found = _CRITERION.fullmatch(said)
        name = f"{found['series'].upper()}{found['number']}" if found else ""
        if not found or name not in self._known.points:
            self._wrong("criterion", f"there is no {_shown(said)}", "write CC6.1 or CC6.1-a")
            return "", ""
        point = f"{name}-{found['point'].lower()}" if found["point"] else ""
        if point and point not in self._known.points[name]:
            self._wrong("criterion", f"{name} has no point of focus {point}", f"write {name}")
        return name, point

    def _status(self) -> Status | None:
        said = " ".join(self._text("status").lower().replace("_", " ").split())
        if said not in STATUSES:
            todo = f"write one of: {', '.join(status.value for status in Status)}"
            self._wrong("status", f"is {_shown(self._text('status'))}", todo)
        return STATUSES.get(said)

    def _note(self) -> str:
        note = self._text("note")
        if any(char not in "\n\t" and ord(char) < 0x20 for char in note) or _is_broken(note):  # noqa: PLR2004 - the first that is shown
            self._wrong("note", "holds characters that cannot be shown", "remove them")
        return note

    def _control(self) -> str:
        said = self._text("control")
        if said and said not in self._known.controls:
            self._wrong("control", f"no adopted control is {_shown(said)}", "adopt it first")
        return said

    def _task(self, criterion: str, point: str, control: str, note: str) -> TaskFields:
        first = visible(note.partition("\n")[0].strip(), limit=LONGEST_TITLE - 40)
        return TaskFields(
            title=first or f"Close the gap at {point or criterion}",
            note=f"{note}\n\nFrom {self._grid.name}, row {self._row.number}.".strip(),
            criterion=criterion,
            point=point,
            control=control,
            owner=self._owner(),
            due_on=self._due(),
            effort_days=self._effort(),
            risk=self._risk(),
        )

    def _owner(self) -> int | None:
        said = self._text("owner").lower()
        if said and said not in self._known.members:
            self._wrong("owner", f"no member has the address {_shown(said)}", "invite them first")
        return self._known.members.get(said)

    def _due(self) -> date | None:
        said = self._text("due_on")
        if not said:
            return None
        try:
            # Not every form of ISO 8601: in a week's or a short date nobody sees a typing error.
            return date.fromisoformat(said if _DAY.fullmatch(said) else "")
        except ValueError:
            self._wrong("due_on", f"{_shown(said)} is not a day", "write it as 2026-12-31")
            return None

    def _effort(self) -> int | None:
        said = self._text("effort_days")
        found = _EFFORT.fullmatch(said)
        days = int(found["days"]) if found else 0
        if said and not 1 <= days <= MOST_EFFORT:
            todo = f"write 1 to {MOST_EFFORT}"
            self._wrong("effort_days", f"{_shown(said)} is no number of working days", todo)
            return None
        return days or None

    def _risk(self) -> Risk:
        said = self._text("risk").lower()
        if said and said not in [each.value for each in Risk]:
            self._wrong("risk", f"is {_shown(said)}", "write high, medium or low")
            return Risk.MEDIUM
        return Risk(said) if said else Risk.MEDIUM

    def _does(
        self,
        criterion: str,
        point: str,
        status: Status | None,
        task: TaskFields | None,
        same: int | None,
    ) -> list[str]:
        does = [f"claims that {point or criterion} is {status.value if status else ''}"]
        if criterion not in self._known.in_scope:
            does.append(f"{criterion} is not in scope, so the claim is kept and not shown")
        if task is None:
            return does
        if same:
            return [*does, f"makes no task: task {same} is already the same"]
        facts = [f"risk {task.risk.value}"]
        facts += [f"owner {self._text('owner').lower()}"] if task.owner else []
        facts += [f"due {task.due_on}"] if task.due_on else []
        facts += [f"{task.effort_days} days"] if task.effort_days else []
        return [*does, f"makes the task “{task.title}” ({', '.join(facts)})"]


def _is_broken(text: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in text)


def _shown(text: str) -> str:
    return f"“{visible(text, limit=60)}”" if text else "empty"
