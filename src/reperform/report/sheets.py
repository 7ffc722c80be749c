"""Sheets: tables whose cells keep their types, for XLSX and CSV."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reperform.base.cells import neutral

EXAMPLE = "Example: an invented company, nothing here is real"
"""Header of the last column of every table of an example; an import leaves the column out."""
Value = str | int | date | None
"""None is an empty cell: not known, or nothing."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: what stands in its first row, and its width in characters."""

    header: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Value, ...], ...]


def render_xlsx(sheets: Sequence[Sheet], *, title: str, at: datetime, is_example: bool) -> bytes:
    """Return a workbook: the header stays in view, days are days, and no cell is a formula.

    That of an invented organization says so on every sheet, see `EXAMPLE`.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = neutral(title)
    book.properties.creator = "Reperform"
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:31])
        _fill(page, _labelled(sheet) if is_example else sheet)
        if is_example:
            page.oddHeader.center.text = EXAMPLE
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _labelled(sheet: Sheet) -> Sheet:
    columns = (*sheet.columns, SheetColumn(EXAMPLE, 24))
    return Sheet(sheet.name, columns, tuple((*row, "example") for row in sheet.rows))


def _fill(page: Worksheet, sheet: Sheet) -> None:
    page.append([neutral(column.header) for column in sheet.columns])
    for cell in page[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    for row_number, row in enumerate(sheet.rows, start=2):
        for number, value in enumerate(row, start=1):
            cell = page.cell(row_number, number)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str):
                cell.value = neutral(value)
                cell.data_type = "s"
            else:
                cell.value = value
                if isinstance(value, date):
                    cell.number_format = "yyyy-mm-dd"
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions


def render_csv(sheet: Sheet, *, is_example: bool) -> bytes:
    """Return the table as CSV (RFC 4180) in UTF-8, with the mark that spreadsheets know it by.

    That of an invented organization says so, see `EXAMPLE`.
    """
    sheet = _labelled(sheet) if is_example else sheet
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([neutral(column.header) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([neutral(v) if isinstance(v, str) else v for v in row])
    return made.getvalue().encode("utf-8-sig")
