"""Sheets: cells keep their types, and none of them runs."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from reperform.base.cells import neutral
from reperform.report.sheets import EXAMPLE, Sheet, SheetColumn, render_csv, render_xlsx

AT = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SHARED = Path(__file__).parents[4] / "shared" / "data" / "webinput" / "csv-injection"
INJECTIONS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\u00a0=1",
    "\uff1d1+1",
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    *(
        (SHARED / "csv-payload.txt").read_text("utf-8").splitlines()
        if (SHARED / "csv-payload.txt").exists()
        else []
    ),
]


def sheet(*rows: tuple[str | int | date | None, ...]) -> Sheet:
    return Sheet("A name", (SheetColumn("One", 12), SheetColumn("Two", 30)), rows)


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_looks_like_a_formula_comes_out_as_text(text: str) -> None:
    """In a workbook and in CSV, also when it is opened and saved again."""
    made = sheet((text, "x"))
    cell = openpyxl.load_workbook(
        io.BytesIO(render_xlsx([made], title="t", at=AT, is_example=False))
    ).active["A2"]  # type: ignore[index]
    rows = list(
        csv.reader(io.StringIO(render_csv(made, is_example=False).decode("utf-8-sig"), newline=""))
    )

    assert cell.data_type == "s"
    for shown in (str(cell.value), rows[1][0]):
        assert not shown.strip().startswith(("=", "+", "-", "@", "\uff1d"))
        assert text.strip() in shown.replace("\r\n", "\r") or shown == neutral(text)


def test_days_are_days_numbers_are_numbers_and_nothing_is_empty() -> None:
    made = render_xlsx(
        [sheet((date(2026, 8, 1), 7), (None, "x"))], title="t", at=AT, is_example=False
    )
    page = openpyxl.load_workbook(io.BytesIO(made))["A name"]

    assert page["A2"].value == datetime(2026, 8, 1)  # noqa: DTZ001 - a workbook has no zones
    assert page["A2"].number_format == "yyyy-mm-dd"
    assert page["B2"].value == 7
    assert page["A3"].value is None


def test_the_header_stays_in_view_and_columns_are_as_wide_as_they_should() -> None:
    page = openpyxl.load_workbook(
        io.BytesIO(render_xlsx([sheet()], title="t", at=AT, is_example=False))
    )["A name"]

    assert page.freeze_panes == "A2"
    assert page.column_dimensions["B"].width == 30


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\ufffeb", "x" * 40_000, "\x1b[31m"])
def test_what_a_workbook_cannot_hold_does_not_break_it(text: str) -> None:
    made = render_xlsx([sheet((text, "x"))], title=text[:50], at=AT, is_example=False)

    assert openpyxl.load_workbook(io.BytesIO(made))["A name"]["B2"].value == "x"


def test_a_table_of_an_example_says_so_in_its_last_column_and_no_other_does() -> None:
    """In every row, so that one that is copied says it too; an empty table says it as well."""
    rows, nothing = sheet(("1", "x")), sheet()
    said = [render_csv(each, is_example=True).decode("utf-8-sig") for each in (rows, nothing)]
    header, *row = said[0].splitlines()
    assert header.endswith(f',"{EXAMPLE}"')
    assert [each.split(",")[-1] for each in row] == ["example"]
    assert said[1].endswith(f'"{EXAMPLE}"\r\n')
    assert EXAMPLE not in render_csv(rows, is_example=False).decode("utf-8-sig")

    book = openpyxl.load_workbook(
        io.BytesIO(render_xlsx([rows, nothing], title="t", at=AT, is_example=True))
    )
    assert {page[1][-1].value for page in book.worksheets} == {EXAMPLE}
