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
from pathlib import Path

import pytest

from drawing import LIBRARY, SPECS, Result, cover, draw
from reperform.base.period import Period
from reperform.testing.inputs import TableInput
from reperform.testing.procedure import parse_procedure
from reperform.testing.runner import run_procedure as run_it


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
                path=draw(SPECS[name], tables.get(name, ""), tmp_path),
                sha256="",
                covers=(cover((covers or {}).get(name, period), name),),
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
