"""The rows of a table, out of the bundle that seals them, as CSV."""

import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from reperform.base.cells import neutral

_AT_ONCE = 2_000


class NoSuchTableError(LookupError):
    """The bundle has no such table, or is not one."""


def population_csv(bundle: Path, table: str) -> Iterator[bytes]:
    """Yield a table of a bundle as CSV (RFC 4180) in UTF-8, with its header, piece by piece.

    Cells that a spreadsheet would take for a formula are neutralized.  Times are UTC.

    Raises:
        NoSuchTableError: at once, when there is no such table.
    """
    name = f"evidence/tables/{table}.parquet"
    try:
        with zipfile.ZipFile(bundle) as archive:
            archive.getinfo(name)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise NoSuchTableError(table) from error
    return _lines(bundle, name)


def _lines(bundle: Path, name: str) -> Iterator[bytes]:
    with (
        tempfile.TemporaryDirectory(prefix="reperform-rows-") as folder,
        duckdb.connect(config={"threads": 1}) as engine,
    ):
        path = Path(folder) / "table.parquet"
        with (
            zipfile.ZipFile(bundle) as archive,
            archive.open(name) as packed,
            path.open("wb") as file,
        ):
            shutil.copyfileobj(packed, file, 1 << 20)
        found = engine.execute("SELECT * FROM read_parquet($path)", {"path": str(path)})
        header = [column[0] for column in found.description or ()]
        yield b"\xef\xbb\xbf" + _packed([header])
        while rows := found.fetchmany(_AT_ONCE):
            yield _packed([[_cell(value) for value in row] for row in rows])


def _cell(value: object) -> object:
    return neutral(value) if isinstance(value, str) else value


def _packed(rows: list[list[object]] | list[list[str]]) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()
