"""The register of people and its populations as files, each saying what it is and how many.

Every row begins with what the list is, so that no part of it can be taken for another list, and an
empty one says that it is empty.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from reperform.program.people.populations import Member, Population
from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx

KINDS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Ending of a file -> its content type."""
_LIST = SheetColumn("List", 44)
_WHO = (SheetColumn("Number", 9), SheetColumn("Name", 28), SheetColumn("E-mail", 32))
_WHAT = (
    SheetColumn("Kind", 12),
    SheetColumn("Position", 30),
    SheetColumn("Department", 20),
    SheetColumn("Manager", 28),
)
PEOPLE = (_LIST, *_WHO, *_WHAT, SheetColumn("First day", 12), SheetColumn("Last day", 12))
_DAYS: Mapping[Population, tuple[SheetColumn, ...]] = {
    Population.JOINERS: (SheetColumn("First day", 12),),
    Population.MOVES: (SheetColumn("From", 12), SheetColumn("Was before", 60)),
    Population.LEAVERS: (
        SheetColumn("Last day", 12),
        SheetColumn("Access due to be removed", 14),
        SheetColumn("Access removed", 14),
    ),
}


def population_columns(which: Population) -> tuple[SheetColumn, ...]:
    """Return the columns of a population's file."""
    return (_LIST, *_WHO, *_WHAT, *_DAYS[which])


def population_rows(which: Population, members: Sequence[Member]) -> list[tuple[Value, ...]]:
    """Return a population as rows, without the first column."""
    return [
        (
            *(each.person, each.name, each.email),
            *(each.kind, each.position, each.department, each.manager, each.day),
            *((each.before,) if which is Population.MOVES else ()),
            *((each.access_due, each.access) if which is Population.LEAVERS else ()),
        )
        for each in members
    ]


def list_file(
    kind: str,
    columns: tuple[SheetColumn, ...],
    rows: Sequence[tuple[Value, ...]],
    *,
    said: str,
    facts: Mapping[str, str | int],
    at: datetime,
    is_example: bool,
) -> bytes:
    """Return a list as a file.

    Args:
        kind: one of `KINDS`.
        columns: the first of them says what the list is.
        rows: without the first column.
        said: what the list is, with its count.
        facts: where it comes from, for a workbook's second sheet.
        at: when it is made.
        is_example: it is of an invented organization.
    """
    nothing: tuple[Value, ...] = (None,) * (len(columns) - 1)
    sheet = Sheet("List", columns, tuple((said, *row) for row in rows) or ((said, *nothing),))
    if kind == "csv":
        return render_csv(sheet, is_example=is_example)
    about = Sheet(
        "About",
        (SheetColumn("What", 24), SheetColumn("Said", 80)),
        (("List", said), ("Rows", len(rows)), *facts.items()),
    )
    return render_xlsx((sheet, about), title=said, at=at, is_example=is_example)
