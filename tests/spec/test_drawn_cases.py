"""Tests of controls over populations: each case is a file that draws tables and what comes of them.

A file `cases/<folder>/<name>.txt` belongs to `library/tests/<folder>/<name>.sql`.  It names each
table above its drawing (see conftest), and under `items` each item with its outcome.  One drawing
shows a pass, a deviation and what is unable, so that the lines between them can be seen; that an
empty population did not operate, that days without evidence are unable, and that no NULL makes
anything better is tried of every one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from drawing import LIBRARY, SPECS, RunProcedure, draw
from reperform.base.occurrences import expected_occurrences
from reperform.base.period import Period
from reperform.base.table import LINEAGE, Type
from reperform.testing.engine import MACROS
from reperform.testing.procedure import Procedure, parse_procedure

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.relative_to(CASES).with_suffix("").as_posix() for path in CASES.rglob("*.txt"))
PERIOD = ("2025-01-01", "2025-12-31")
OUTCOMES = {"pass", "deviation", "unable"}
NAMING = {("okta.factors", "account"), ("population.backups", "subject")}
"""Columns that rows are put together by, beside the system, which every row has."""
of_each_case = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Case:
    """A drawing of tables, and the outcome of each item."""

    tables: Mapping[str, str]
    outcomes: Mapping[str, str]


@cache
def case_of(name: str) -> Case:
    blocks = (CASES / f"{name}.txt").read_text("utf-8").strip().split("\n\n")
    drawn = dict(block.strip().split("\n", 1) for block in blocks)
    lines = drawn.pop("items").splitlines()
    pairs = [line.rsplit("|", 1) for line in lines]
    return Case(drawn, {item.strip(): outcome.strip() for item, outcome in pairs})


@cache
def procedure_of(name: str) -> Procedure:
    return parse_procedure((LIBRARY / f"{name}.sql").read_text("utf-8"), where=name)


@of_each_case
def test_each_item_of_a_drawing_has_the_outcome_that_is_drawn(
    run_procedure: RunProcedure, name: str
) -> None:
    case = case_of(name)

    result = run_procedure(f"{name}.sql", case.tables)

    assert result.outcomes == case.outcomes
    assert set(case.outcomes.values()) == OUTCOMES
    assert result.conclusion == "exceptions noted"


@of_each_case
def test_an_empty_population_did_not_operate(run_procedure: RunProcedure, name: str) -> None:
    """Of a periodic control, each time that it was not performed deviates."""
    empty = run_procedure(f"{name}.sql", {})

    expected = "exceptions noted" if procedure_of(name).occurrences else "did not operate"
    assert empty.conclusion == expected


@of_each_case
def test_a_table_that_covers_no_day_of_the_period_is_unable(
    run_procedure: RunProcedure, name: str
) -> None:
    """No day of a table that has to cover the whole, however good what it holds is."""
    for table in procedure_of(name).over_period:
        result = run_procedure(f"{name}.sql", {}, covers={table: ""})
        assert result.conclusion == "unable to test", table


class Engine:
    """The drawn tables of a case, in which single columns can be made unknown."""

    def __init__(self, name: str, folder: Path) -> None:
        self.procedure = procedure_of(name)
        self.engine = duckdb.connect()
        self.engine.execute(MACROS)
        for schema in {table.split(".")[0] for table in self.procedure.tables}:
            self.engine.execute(f"CREATE SCHEMA {schema}")
        if self.procedure.occurrences:
            expected = expected_occurrences(
                self.procedure.occurrences, Period.parse("..".join(PERIOD))
            )
            self.engine.execute("CREATE SCHEMA expected")
            self.engine.execute(
                "CREATE TABLE expected.occurrences (number INTEGER, first_on DATE, due_on DATE)"
            )
            self.engine.executemany(
                "INSERT INTO expected.occurrences VALUES (?, ?, ?)",
                [(each.number, each.first_on, each.due_on) for each in expected],
            )
        self.files = {
            table: draw(SPECS[table], case_of(name).tables.get(table, ""), folder)
            for table in self.procedure.tables
        }

    def outcomes(
        self, changed: tuple[str, str] | None = None, *, said: str = "NULL"
    ) -> list[tuple[str, str]]:
        """Return the outcomes with one column changed to what is `said` in every row."""
        for table, columns in self.procedure.tables.items():
            chosen = ", ".join(
                f"CASE WHEN false THEN {column} ELSE {said} END AS {column}"
                if (table, column) == changed
                else column
                for column in columns
            )
            self.engine.execute(
                f"CREATE OR REPLACE VIEW {table} AS SELECT {chosen} FROM '{self.files[table]}'"
            )
        given = dict(self.procedure.parameters) | {
            "period_first": PERIOD[0],
            "period_last": PERIOD[1],
        }
        sql = self.procedure.sql
        for parameter in sorted(given, key=len, reverse=True):
            value = given[parameter]
            text = str(value) if isinstance(value, int) else f"'{value}'"
            kind = "::DATE" if parameter.startswith("period_") else ""
            sql = sql.replace(f"${parameter}", f"({text}{kind})")
        rows = self.engine.execute(f"SELECT item, outcome FROM ({sql})").fetchall()
        return [(str(item), str(outcome)) for item, outcome in rows]


def says_something(table: str, column: str) -> bool:
    """Return whether NULL is a statement of the column, such as a last day that there is none."""
    (text,) = [each.meaning for each in (*SPECS[table].columns, *LINEAGE) if each.name == column]
    return "NULL: " in text and "not known" not in text


def names(table: str, column: str) -> bool:
    """Return whether rows are put together by a column, so that one word for all leaves one."""
    return column == "system" or (table, column) in NAMING


@of_each_case
def test_nothing_that_is_not_known_makes_anything_better(name: str, tmp_path: Path) -> None:
    """Each column that the test reads made NULL in turn: no item becomes a pass by it."""
    engine = Engine(name, tmp_path)
    whole = engine.outcomes()
    passed = {item for item, outcome in whole if outcome == "pass"}
    for table, columns in engine.procedure.tables.items():
        for column in (each for each in columns if not says_something(table, each)):
            if names(table, column):
                continue
            found = engine.outcomes((table, column))
            better = [
                item
                for item, outcome in found
                if outcome == "pass" and item not in passed and item in dict(whole)
            ]
            assert not better, f"{table}.{column}: {better}"
            passes = sum(outcome == "pass" for _, outcome in found)
            assert passes <= len(passed), f"{table}.{column}"
            assert is_open(found, whole), f"{table}.{column}: an item is gone"


def is_open(found: list[tuple[str, str]], whole: list[tuple[str, str]]) -> bool:
    """Return whether every item is still there, or the test says that it cannot tell."""
    return len(found) >= len(whole) or any(outcome == "unable" for _, outcome in found)


@of_each_case
def test_a_word_that_no_source_has_hides_nothing(name: str, tmp_path: Path) -> None:
    """Each text that the test reads made another in turn: no item is gone without a word of it.

    Lists that people map have words of their own for a kind, a state or a severity.
    """
    engine = Engine(name, tmp_path)
    whole = engine.outcomes()
    for table, columns in engine.procedure.tables.items():
        texts = {each.name for each in SPECS[table].columns if each.type is Type.TEXT}
        for column in (each for each in columns if each in texts and not names(table, each)):
            found = engine.outcomes((table, column), said="'a word of its own'")
            assert is_open(found, whole), f"{table}.{column}: an item is gone"
