"""A file of an earlier assessment -> a grid of texts: CSV or XLSX, judged by content.

Nothing in it runs or is fetched: formulas stay text, and a workbook with a document type, with
macros or that unpacks to much more than its size is refused before anything reads it.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import openpyxl

from reperform.base.refusal import RefusalError

LARGEST_FILE = 2_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000
_LARGEST_UNPACKED = 20_000_000
_MOST_PARTS = 200
_DELIMITERS = ",;\t"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, ArithmeticError, SyntaxError),
)
"""What reading a damaged workbook meets: in its ZIP, in its XML (a SyntaxError), in its values."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class FileRefusedError(RefusalError):
    """A file is no table that can be imported."""

    slug = "import-refused"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its number as a spreadsheet counts, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it came.

    Attributes:
        name: of the file, as the user knows it.
        header: texts of the first row that is not empty.
        rows: the others, empty ones left out.
        warnings: what was assumed about the file.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[GridRow, ...]
    warnings: tuple[str, ...] = ()


def read_grid(
    content: bytes, *, name: str, largest: int = LARGEST_FILE, most_rows: int = MOST_ROWS
) -> Grid:
    """Return the table that a file holds, of at most `largest` bytes and `most_rows` rows.

    Raises:
        FileRefusedError: it is too large, no table, or holds what a table has no use for.
    """
    if len(content) > largest:
        raise _refused(name, f"has more than {largest:,} bytes", "keep only what is to be read")
    if content.startswith(_OLD_EXCEL):
        raise _refused(name, "is a workbook of the old kind (XLS)", "save it as XLSX or CSV")
    if not content.strip():
        raise _refused(name, "is empty", "name the columns in the first row")
    warnings: tuple[str, ...] = ()
    if content.startswith(b"PK"):
        rows = _workbook_rows(content, name, most_rows)
    else:
        text, warnings = _decoded(content, name)
        rows = _csv_rows(text, name)
    kept = []
    for row in rows:
        if any(row.cells):
            kept.append(row)
        if len(kept) > most_rows + 1:
            raise _refused(name, f"has more than {most_rows:,} rows", "split it")
    if not kept:
        raise _refused(name, "is empty", "name the columns in the first row")
    return Grid(name, kept[0].cells, tuple(kept[1:]), warnings)


def _refused(name: str, what: str, todo: str) -> FileRefusedError:
    return FileRefusedError(
        f"{name} was not read: it {what}",
        why="A file that is read in part would claim what nobody wrote.",
        todo=todo,
    )


def _decoded(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the text: UTF-8, UTF-16 with its mark, else Windows-1252 with a warning."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if marked else "utf-8-sig")
        warnings: tuple[str, ...] = ()
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252") if not marked else ""
        except UnicodeDecodeError:
            text = ""
        warnings = ("it is not UTF-8 and was read as Windows-1252: look at letters with accents",)
    if not text or "\x00" in text:
        raise _refused(name, "is no text and no workbook", "save it as CSV in UTF-8, or as XLSX")
    return text, warnings


def _csv_rows(text: str, name: str) -> Iterator[GridRow]:
    first = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for values in reader:
            yield _row(reader.line_num, values, name)
    except csv.Error as error:
        what = f"is no CSV at line {reader.line_num}: {error}"
        raise _refused(name, what, "correct it there") from error


def _row(number: int, values: list[str], name: str) -> GridRow:
    if len(values) > MOST_COLUMNS:
        what = f"has more than {MOST_COLUMNS} columns in row {number}"
        raise _refused(name, what, "remove those that are not needed")
    cells = tuple(value.replace("\r\n", "\n").strip() for value in values)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        what = f"has a cell of more than {LONGEST_CELL:,} characters in row {number}"
        raise _refused(name, what, "shorten it")
    return GridRow(number, cells)


def _workbook_rows(content: bytes, name: str, most_rows: int) -> Iterator[GridRow]:
    _refuse_hostile(content, name)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size is not believed
        rows = page.iter_rows(max_row=5 * most_rows, max_col=MOST_COLUMNS + 1, values_only=True)
        for number, values in enumerate(rows, start=1):
            yield _row(number, _trimmed([_text(value) for value in values]), name)
        book.close()
    except _BROKEN as error:
        raise _refused(name, "is no workbook that can be read", "save it again as XLSX") from error


def _trimmed(values: list[str]) -> list[str]:
    """Return the cells up to the last that holds something."""
    while values and not values[-1]:
        values.pop()
    return values


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _refuse_hostile(content: bytes, name: str) -> None:
    """Look at every part of the workbook before any of them is parsed."""
    todo = "save it again as XLSX, without macros"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            every = parts.infolist()
            if "xl/workbook.xml" not in {part.filename for part in every}:
                raise _refused(name, "is a ZIP and no workbook", todo)
            if len(every) > _MOST_PARTS or sum(p.file_size for p in every) > _LARGEST_UNPACKED:
                raise _refused(name, "unpacks to more than a table needs", todo)
            if any(part.flag_bits & 1 for part in every):
                raise _refused(name, "is encrypted", "remove its password")
            if any(part.filename.endswith("vbaProject.bin") for part in every):
                raise _refused(name, "holds macros", todo)
            for part in every:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _refuse_document_type(parts.read(part), name)
    except _BROKEN as error:
        raise _refused(name, "is no workbook that can be read", todo) from error


def _refuse_document_type(raw: bytes, name: str) -> None:
    """Refuse what could define entities; a workbook is UTF-8 without a document type."""
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw or b"\x00" in raw:
        raise _refused(name, "declares a document type, which no workbook has", "save it again")
