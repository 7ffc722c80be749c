"""Spec tests of tests of controls: the case is a drawing.

    def test_...(run_procedure: RunProcedure) -> None:
        result = run_procedure(
            "change/reviewed-by-another.sql",
            {"git.commits": '''
                commit_id | author_email | committed_at
                ----------+--------------+--------------------
                c1        | ana@x        | 2025-03-07 10:00:00
                '''},
        )
        assert result.outcomes == {"c1": "unable"}

The drawing's header names columns; a column that is not drawn is NULL; a cell `-` or an empty one
is NULL.  A table that the test declares and the case does not draw is empty.  Every table covers
the whole period, unless `covers` says otherwise ({table: "2025-01-01..2025-06-30"}, or
{table: ""} for no day); `refused` ({table: "permission denied"}) makes a table unreadable.

Every test of a control has the four cases.  Say which test a file is about:

    PROCEDURE = "change/reviewed-by-another.sql"
    def test_..._pass / test_..._deviation / test_..._did_not_operate / test_..._unable

`test_every_procedure_has_its_cases.py` reads the files without running them: for each procedure
there is a spec file whose PROCEDURE names it, with a test for each case.  The case is in the test's
name (`pass`, `deviat`, `did_not_operate`, `unable`), and in what the test asserts, as a plain text:
"pass" or "no exceptions", "deviation" or "exceptions noted", "did not operate", "unable" or
"unable to test".
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import duckdb
import pytest

from reperform.base.period import Period
from reperform.base.table import LINEAGE, Cover, TableSpec
from reperform.connectors.git import tables as git
from reperform.connectors.host import tables as host
from reperform.connectors.tls import tables as tls
from reperform.testing.inputs import TableInput
from reperform.testing.outcome import Gap
from reperform.testing.procedure import parse_procedure
from reperform.testing.runner import ProcedureRun
from reperform.testing.runner import run_procedure as run_it

LIBRARY = Path(__file__).parents[2] / "library" / "tests"
SPECS = {spec.name: spec for spec in (*git.TABLES, *host.TABLES, *tls.TABLES)}


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


def _draw(spec: TableSpec, drawing: str, folder: Path) -> Path:
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
    with duckdb.connect() as engine:
        engine.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
    return target


def _cover(text: str, table: str) -> Cover:
    if not text:
        return Cover(None, None, f"{table} was not seen")
    period = Period.parse(text)
    return Cover(period.first, period.last)


@pytest.fixture
def run_procedure(tmp_path: Path) -> Callable[..., Result]:
    """Run a test of a control in `library/tests` over drawn tables."""

    def run(
        path: str,
        tables: Mapping[str, str],
        *,
        period: str = "2025-01-01..2025-12-31",
        covers: Mapping[str, str] | None = None,
        refused: Mapping[str, str] | None = None,
    ) -> Result:
        procedure = parse_procedure((LIBRARY / path).read_text("utf-8"), where=path)
        undeclared = set(tables) - set(procedure.tables)
        assert not undeclared, f"{path} does not read {undeclared}"
        inputs = {
            name: TableInput(
                spec=SPECS[name],
                path=_draw(SPECS[name], tables.get(name, ""), tmp_path),
                sha256="",
                covers=(_cover((covers or {}).get(name, period), name),),
                refused=(refused or {}).get(name, ""),
            )
            for name in procedure.tables
        }
        items = tmp_path / "items.jsonl"
        with items.open("wb") as file:
            found = run_it(procedure, inputs=inputs, period=Period.parse(period), write_items=file)
        records = [json.loads(line) for line in items.read_text().splitlines()]
        return Result(
            run=found,
            outcomes={record["item"]: record["outcome"] for record in records},
            reasons={record["item"]: record["reason"] for record in records},
        )

    return run
