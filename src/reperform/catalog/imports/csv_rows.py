"""CSV (RFC 4180; comma, semicolon or tab) -> rows."""

import csv
import io
from collections.abc import Iterator

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.fields import shown
from reperform.catalog.imports.entries import ID_NAMES, REFERENCE_NAMES, Cell, Groups, Row, plain
from reperform.catalog.imports.unreadable import UnreadableError

_DELIMITERS = ",;\t"
_MOST_COLUMNS = 200
_MOST_ROWS = 20_000
_LONGEST_LINE = 1_000_000


def read_rows(text: str, *, where: str) -> tuple[Groups, list[Problem]]:
    """Return the rows of a table with a header, and what is wrong with single rows.

    Row numbers count the header as row 1, as spreadsheets do.

    Raises:
        UnreadableError: it is not CSV, has no header with an id, or is too large.
    """
    delimiter = _delimiter(text, where)
    reader = csv.reader(_lines(text, where), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    header: list[str] = []
    try:
        for number, values in enumerate(reader, start=1):
            place = f"{where}: row {number}"
            if number == 1:
                header = values
                problems += _header_problems(header, place)
            elif number > _MOST_ROWS:
                todo = "keep only the criteria or controls in it"
                raise UnreadableError(where, f"has more than {_MOST_ROWS:,} rows", todo=todo)
            elif any(value.strip() for value in values):
                if len(values) != len(header):
                    what = f"has {len(values):,} fields, and the header has {len(header)}"
                    todo = "quote fields that hold the delimiter, and give every row all fields"
                    problems.append(Problem(place, what, todo, "catalog-row"))
                rows.append(_row(header, values, place))
    except csv.Error as error:
        place = f"{where}: line {reader.line_num}"
        todo = "correct the CSV there"
        raise UnreadableError(place, f"is not CSV: {error}", todo=todo) from error
    return {("[]",): rows}, problems


def _lines(text: str, where: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _LONGEST_LINE:
            what = f"has {len(line):,} characters"
            todo = f"shorten it to {_LONGEST_LINE:,} at most"
            raise UnreadableError(f"{where}: line {number}", what, todo=todo)
        yield line


def _delimiter(text: str, where: str) -> str:
    """Return the delimiter by which the header has an id column and most columns.

    Raises:
        UnreadableError: by none of them has it an id column, or it has too many columns.
    """
    first = text[:100_000].splitlines()[0] if text.strip() else ""
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        if first.count(delimiter) >= _MOST_COLUMNS:
            todo = "keep the id, the title and the text"
            what = f"has more than {_MOST_COLUMNS} columns"
            raise UnreadableError(f"{where}: row 1", what, todo=todo)
        names = [plain(name) for name in first.split(delimiter)]
        if any(name in ID_NAMES or name in REFERENCE_NAMES for name in names):
            best = max(best or (0, ""), (len(names), delimiter))
    if best is None:
        raise UnreadableError(
            f"{where}: row 1",
            f"has no header with a column of ids: {shown(first)}",
            todo="name the columns in the first row, one of them `id`",
        )
    return best[1]


def _header_problems(header: list[str], place: str) -> list[Problem]:
    names = [plain(name) for name in header]
    return [
        Problem(
            place, f"the column {shown(header[at])} is there twice", "remove one", "catalog-row"
        )
        for at, name in enumerate(names)
        if name and name in names[:at]
    ]


def _row(header: list[str], values: list[str], place: str) -> Row:
    cells: dict[str, Cell] = {}
    for name, value in zip(header, values, strict=False):
        where = f"{place}: {visible(name, limit=60)}"
        cells.setdefault(plain(name), Cell(name, where, (value,)))
    cells.pop("", None)
    return Row(place, cells)
