"""Drawings: tables drawn as text become Parquet files that a test of a control can run over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import duckdb

from reperform.base.period import Period
from reperform.base.table import LINEAGE, Cover, TableSpec
from reperform.evidence.sources import TABLES
from reperform.testing.outcome import Gap
from reperform.testing.runner import ProcedureRun

LIBRARY = Path(__file__).parents[1] / "library" / "tests"
SPECS = TABLES


@dataclass(frozen=True)
class Result:
    """What a test of a control said of the drawn case."""

    run: ProcedureRun
    outcomes: Mapping[str, str]
    reasons: Mapping[str, str]

    @property
    def conclusion(self) -> str:
        return self.run.conclusion.value

    @property
    def reason(self) -> str:
        return self.run.reason

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return self.run.gaps


class RunProcedure(Protocol):
    """The fixture's type."""

    def __call__(
        self,
        path: str,
        tables: Mapping[str, str],
        *,
        period: str = ...,
        covers: Mapping[str, str] | None = ...,
        refused: Mapping[str, str] | None = ...,
    ) -> Result: ...


def _cells(line: str) -> list[str | None]:
    return [None if cell.strip() in ("", "-") else cell.strip() for cell in line.split("|")]


def draw(spec: TableSpec, drawing: str, folder: Path) -> Path:
    lines = [line for line in drawing.strip().splitlines() if line.strip()]
    names = [str(name) for name in _cells(lines[0])] if lines else []
    rows = [dict(zip(names, _cells(line), strict=True)) for line in lines[2:]]
    columns = (*spec.columns, *LINEAGE)
    unknown = set(names) - {column.name for column in columns}
    assert not unknown, f"{spec.name} has no column {unknown}"
    source, target = folder / f"{spec.name}.ndjson", folder / f"{spec.name}.parquet"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    types = ", ".join(f"'{column.name}': '{column.type}'" for column in columns)
    empty = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in columns)
    query = (
        f"SELECT * FROM read_json('{source}', format='newline_delimited', columns={{{types}}})"
        if rows
        else f"SELECT {empty} WHERE false"
    )
    _engine().execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
    return target


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return one engine for all drawings: making one takes longer than a drawing."""
    return duckdb.connect()


def cover(text: str, table: str) -> Cover:
    if not text:
        return Cover(None, None, f"{table} was not seen")
    period = Period.parse(text)
    return Cover(period.first, period.last)
