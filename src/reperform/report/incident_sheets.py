"""The population of incidents as a file: every incident of a period, with count and period."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from reperform.base.period import Period
from reperform.base.reader import moment_text
from reperform.program.incidents import State, reference
from reperform.program.incidents.importing import COLUMNS
from reperform.program.incidents.population import InPopulation
from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Ending -> content type."""
_WIDE = ("what", "affected", "cause", "extent", "disposition", "lessons", "reportable_because")


def population_file(
    rows: Sequence[InPopulation],
    days: Period | None,
    *,
    kind: str,
    organization: str,
    is_example: bool,
    at: datetime,
) -> tuple[bytes, str]:
    """Return a file of incidents, and its name, which says the days and the count.

    Args:
        rows: the incidents.
        days: the period; None for all there are.
        kind: one of `KINDS`.
        organization: its name.
        is_example: it is invented.
        at: when the register was asked.
    """
    sheet = _sheet(rows)
    span = f"{days.first}-to-{days.last}" if days else "all"
    name = f"incidents-{span}-{len(rows)}.{kind}"
    if kind == "csv":
        return render_csv(sheet, is_example=is_example), name
    about = Sheet(
        "About",
        (SheetColumn("Fact", 24), SheetColumn("Value", 70)),
        (
            ("Organization", organization),
            ("Population", "Incidents and exercises of the register"),
            ("First day", days.first if days else "all"),
            ("Last day", days.last if days else "all"),
            ("Count", len(rows)),
            ("Of these, exercises", sum(row.fields.is_exercise for row in rows)),
            ("Of these, false alarms", sum(row.fields.state is State.FALSE_ALARM for row in rows)),
            ("Numbers", _numbers(rows)),
            ("Taken at", moment_text(at)),
            ("Rule", "One of its times lies in the period, or it began before and is not resolved"),
        ),
    )
    title = f"Incidents of {organization}"
    made = render_xlsx([sheet, about], title=title, at=at, is_example=is_example)
    return made, name


def _numbers(rows: Sequence[InPopulation]) -> str:
    """Return the least and the greatest reference: a gap between them is outside the period."""
    numbers = sorted(row.number for row in rows)
    return f"{reference(numbers[0])} to {reference(numbers[-1])}" if numbers else "none"


def _sheet(rows: Sequence[InPopulation]) -> Sheet:
    columns = tuple(
        SheetColumn(title, 50 if name in _WIDE else 22) for name, title in COLUMNS.items()
    )
    return Sheet(
        "Incidents",
        (SheetColumn("Reference", 12), *columns),
        tuple((reference(row.number), *(_cell(row, name) for name in COLUMNS)) for row in rows),
    )


def _cell(row: InPopulation, name: str) -> Value:
    value = row.handler if name == "handler" else getattr(row.fields, name)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return value.value if isinstance(value, StrEnum) else value
