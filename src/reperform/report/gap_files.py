"""The files in which the gap analysis and the plan go out, by name."""

from collections.abc import Mapping
from types import MappingProxyType

from reperform.program.plan.state import ProgramState
from reperform.report.docx import render_docx
from reperform.report.gap_document import gap_document
from reperform.report.gap_sheets import basis_sheet, controls_sheet, criteria_sheet, tasks_sheet
from reperform.report.pdf import render_pdf
from reperform.report.sheets import render_csv, render_xlsx

GAP_FILES: Mapping[str, str] = MappingProxyType(
    {
        "gap-analysis.pdf": "application/pdf",
        "gap-analysis.docx": (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        ),
        "gap-analysis.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "criteria.csv": "text/csv; charset=utf-8",
        "plan.csv": "text/csv; charset=utf-8",
    }
)
"""Name -> content type."""


def gap_file(name: str, state: ProgramState, *, is_example: bool) -> bytes:
    """Return one of `GAP_FILES`.

    Args:
        name: of the file.
        state: where the program stands.
        is_example: it is that of an invented organization.

    Raises:
        KeyError: there is no such file.
        NotRenderedError: the PDF was refused by its compiler.
    """
    made = {
        "gap-analysis.pdf": lambda: render_pdf(
            gap_document(state, is_example=is_example), at=state.at
        ),
        "gap-analysis.docx": lambda: render_docx(
            gap_document(state, is_example=is_example), at=state.at
        ),
        "gap-analysis.xlsx": lambda: render_xlsx(
            [basis_sheet(state), criteria_sheet(state), controls_sheet(state), tasks_sheet(state)],
            title=f"Gap analysis of {state.organization}",
            at=state.at,
            is_example=is_example,
        ),
        "criteria.csv": lambda: render_csv(criteria_sheet(state), is_example=is_example),
        "plan.csv": lambda: render_csv(tasks_sheet(state), is_example=is_example),
    }
    return made[name]()
