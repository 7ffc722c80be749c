"""A file's rows, whichever of four forms it is in: CSV, XLSX, JSON, or JSON on each line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reperform.base.grid import FileRefusedError, read_grid
from reperform.connectors.content import NotReadError, json_value, text_of, unpack

LARGEST = 64 << 20
"""Bytes that one file may have, packed and unpacked."""
MOST_ROWS = 500_000
_MOST_SHEET_ROWS = 50_000
_MOST_DEPTH = 6
_XLSX = b"PK\x03\x04"

Row = tuple[int, Mapping[str, Any]]
"""Its number, as somebody who opens the file counts, and its fields by name."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file holds: names of its fields in their order, and its rows."""

    fields: tuple[str, ...]
    rows: tuple[Row, ...]


def rows_of(raw: bytes, *, name: str, delimiter: str) -> Rows:
    """Return the rows of a file.

    Args:
        raw: its bytes.
        name: as people know it.
        delimiter: between the cells of CSV.

    Raises:
        NotReadError: it is not whole, not of a form that is read, or too large.
    """
    if raw.startswith(_XLSX):
        return _of_workbook(raw, name)
    content = unpack(raw, most=LARGEST)
    if not content.strip():
        raise NotReadError("is empty")
    begins = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    found = list(_json(content)) if begins in (b"{", b"[") else None
    if found is None:
        return _of_csv(content, delimiter)
    names = dict.fromkeys(key for _, row in found for key in row)
    return Rows(tuple(names), tuple(found))


def _of_workbook(raw: bytes, name: str) -> Rows:
    try:
        grid = read_grid(raw, name=name, largest=LARGEST, most_rows=_MOST_SHEET_ROWS)
    except FileRefusedError as error:
        raise NotReadError(error.what.removeprefix(f"{name} was not read: it ")) from error
    named = _named(grid.header)
    rows = []
    for row in grid.rows:
        if len(row.cells) > len(named):
            raise NotReadError(f"has more cells than columns in row {row.number}")
        rows.append((row.number, dict(zip(named, row.cells, strict=False))))
    return Rows(named, tuple(rows))


def _of_csv(content: bytes, delimiter: str) -> Rows:
    try:
        text = content.decode(
            "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        )
    except UnicodeDecodeError as error:
        what = f"is not UTF-8 at byte {error.start:,}: save it as UTF-8"
        raise NotReadError(what) from error
    if "\x00" in text:
        raise NotReadError("is no text: it holds what no text has")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        named = _named(next(reader, []))
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(named):
                what = f"has {len(cells)} cells in row {reader.line_num}, and {len(named)} columns"
                raise NotReadError(f"{what}: it is cut off, or its delimiter is another")
            rows.append((reader.line_num, dict(zip(named, cells, strict=True))))
            _bound(len(rows))
    except csv.Error as error:
        raise NotReadError(f"is no CSV at line {reader.line_num}: {error}") from error
    return Rows(named, tuple(rows))


def _named(header: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of columns.

    Raises:
        NotReadError: one is empty, or there twice: nobody could say which is meant.
    """
    named = tuple(each.strip() for each in header)
    twice = {each for each in named if named.count(each) > 1}
    if not named or "" in named:
        raise NotReadError("has a column without a name in its first row")
    if twice:
        raise NotReadError(f"has two columns {', '.join(sorted(twice))[:100]}")
    return named


def _bound(count: int) -> None:
    if count > MOST_ROWS:
        raise NotReadError(f"has more than {MOST_ROWS:,} rows")


def _json(content: bytes) -> Iterator[Row]:
    values = _listed(content)
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise NotReadError(f"holds something that is no object, as item {number:,}")
        _bound(number)
        yield number, dict(_flat(value, "", 0))


def _listed(content: bytes) -> list[Any]:
    """Return the objects of a list, of an object that holds one list, or one on each line."""
    lines = [each for each in text_of(content).splitlines() if each.strip()]
    if len(lines) > 1 and lines[0].rstrip().endswith("}") and lines[0].lstrip().startswith("{"):
        return [json_value(each.encode()) for each in lines]
    whole = json_value(content)
    if isinstance(whole, list):
        return whole
    inner = [each for each in whole.values() if isinstance(each, list)]
    if len(inner) != 1:
        raise NotReadError(f"is a JSON object with {len(inner)} lists: which one is not said")
    found: list[Any] = inner[0]
    return found


def _flat(value: Mapping[str, Any], before: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Yield the fields of an object, those deeper in it by a path such as `os.name`."""
    for key, each in value.items():
        if isinstance(each, dict) and each and depth < _MOST_DEPTH:
            yield from _flat(each, f"{before}{key}.", depth + 1)
        elif isinstance(each, list | dict):
            yield f"{before}{key}", json.dumps(each, ensure_ascii=False)
        else:
            yield f"{before}{key}", each
