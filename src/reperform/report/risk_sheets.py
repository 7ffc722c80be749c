"""The register of risks -> a sheet, for XLSX and CSV; an import reads the same columns."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from reperform.program.risks.importing import COLUMNS
from reperform.program.risks.line import RiskLine
from reperform.report.sheets import Sheet, SheetColumn, Value, render_csv, render_xlsx

_WIDTHS: Mapping[str, int] = {"title": 40, "description": 50, "objective": 40, "owner": 28}
_JUDGED = (
    *(("Judged on", 12), ("Scales", 8), ("Without controls", 16), ("Today", 16)),
    *(("Next review", 12), ("State", 10), ("Closed on", 12), ("Closed because", 30)),
)
RISK_FILES: Mapping[str, str] = {
    "risks.csv": "text/csv; charset=utf-8",
    "risks.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Name -> content type."""


def risk_sheet(lines: Iterable[RiskLine]) -> Sheet:
    """Return one row for each risk: the columns that an import knows, then what it does not."""
    columns = [SheetColumn(title, _WIDTHS.get(name, 16)) for name, title in COLUMNS.items()]
    columns += [SheetColumn(title, width) for title, width in _JUDGED]
    return Sheet("Risks", tuple(columns), tuple(_row(line) for line in lines))


def risk_file(
    name: str, lines: Iterable[RiskLine], *, title: str, at: datetime, is_example: bool
) -> bytes:
    """Return one of `RISK_FILES`."""
    sheet = risk_sheet(lines)
    if name == "risks.csv":
        return render_csv(sheet, is_example=is_example)
    return render_xlsx([sheet], title=title, at=at, is_example=is_example)


def _row(line: RiskLine) -> tuple[Value, ...]:
    said = line.fields
    return (
        f"RISK-{line.number}",
        said.title,
        said.description,
        said.objective,
        said.category.value,
        line.owner,
        said.treatment.value,
        said.treatment_reason,
        line.accepted_by,
        said.accepted_until,
        ", ".join(said.controls),
        ", ".join(said.criteria),
        said.cycle_months,
        said.frequency_low,
        said.frequency_high,
        said.loss_low,
        said.loss_high,
        line.judged_on,
        line.scales,
        line.inherent,
        line.residual,
        line.review_due_on if said.state == "open" else None,
        said.state.value,
        said.closed_on,
        said.closed_because,
    )
