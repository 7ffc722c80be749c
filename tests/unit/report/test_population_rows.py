"""The rows of a table, out of a bundle, as CSV."""

import csv
import io
import zipfile
from pathlib import Path

import duckdb
import pytest

from reperform.report.population_rows import NoSuchTableError, population_csv

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "a,b", 'say "hi"', "two\nlines", "ä"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    with duckdb.connect() as engine:
        engine.execute('CREATE TABLE t (text VARCHAR, "at" TIMESTAMP, number BIGINT)')
        for number, text in enumerate(HOSTILE):
            engine.execute("INSERT INTO t VALUES (?, '2026-06-03 10:00:00', ?)", [text, number])
        engine.execute("INSERT INTO t VALUES (NULL, NULL, -5)")
        engine.execute(f"COPY t TO '{tmp_path / 't.parquet'}' (FORMAT parquet)")
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "t.parquet", "evidence/tables/acme.calls.parquet")
    return path


def test_every_row_comes_and_no_cell_is_a_formula(bundle: Path) -> None:
    content = b"".join(population_csv(bundle, "acme.calls")).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert header == ["text", "at", "number"]
    assert [row[0].removeprefix("'") for row in rows] == [*HOSTILE, ""]
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t")) for row in rows)
    assert rows[0][1:] == ["2026-06-03 10:00:00", "0"]
    assert rows[-1] == ["", "", "-5"]


@pytest.mark.parametrize("table", ["acme.other", "../../inputs/scope", ""])
def test_a_table_that_is_not_there_is_said_at_once(bundle: Path, table: str) -> None:
    with pytest.raises(NoSuchTableError):
        population_csv(bundle, table)


def test_a_file_that_is_no_bundle_has_no_table(tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"not a zip file")
    with pytest.raises(NoSuchTableError):
        population_csv(path, "acme.calls")
