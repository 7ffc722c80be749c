"""Checking a test of a control before it is run: it reads what it says, and only that.

The engine itself is asked: the SQL is bound to empty tables that have the declared columns, and
again with each column left out.  What it cannot do without, it reads.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import duckdb

from reperform.base.occurrences import FREQUENCIES
from reperform.base.problem import Problem
from reperform.base.table import LINEAGE, TableSpec
from reperform.testing.engine import OCCURRENCES, Limits, create_table, open_engine, shut
from reperform.testing.items import COLUMNS, OCCURRED
from reperform.testing.procedure import NATURES, Procedure
from reperform.testing.syntax import Fault, faults

_DAY = "2025-01-01"
_LIMITS = Limits(memory="500MB", seconds=10, threads=1, disk="0B")
_TABLES = "see docs/reference/tables.md"


def check_procedure(
    procedure: Procedure, *, tables: Mapping[str, TableSpec], controls: Collection[str]
) -> list[Problem]:
    """Return what is wrong with a test of a control; an empty list when nothing is.

    Args:
        procedure: the test.
        tables: every table that evidence can have, by name.
        controls: ids of the controls that exist.
    """
    readable = {*procedure.tables, *([OCCURRENCES.name] if procedure.occurrences else [])}
    found: list[Fault] = [
        *_head(procedure, tables, controls),
        *faults(procedure.sql, tables=readable, parameters=procedure.parameters),
    ]
    # Only a text without a fault is given to the engine.
    found = found or list(_bound(procedure, tables))
    return [Problem(procedure.path, what, todo, "procedure") for what, todo in found]


def _head(
    procedure: Procedure, tables: Mapping[str, TableSpec], controls: Collection[str]
) -> Iterator[Fault]:
    number = procedure.id.removeprefix(f"{procedure.control}.T")
    if not (number.isascii() and number.isdecimal()) or number.startswith("0"):
        yield f"its id is {procedure.id}", f"name it {procedure.control}.T1, .T2, ..."
    if procedure.control not in controls:
        yield f"there is no control {procedure.control}", "name the control that it tests"
    if procedure.nature not in NATURES:
        yield f"its nature is {procedure.nature!r}", f"write one of {', '.join(NATURES)}"
    if procedure.occurrences and procedure.occurrences not in FREQUENCIES:
        todo = f"write one of {', '.join(FREQUENCIES)}"
        yield f"its occurrences are {procedure.occurrences!r}", todo
    for name, columns in procedure.tables.items():
        if name not in tables:
            yield f"there is no table {name}", _TABLES
            continue
        for column in sorted(set(columns) - set(_all_columns(tables[name]))):
            yield f"{name} has no column {column}", _TABLES


def _all_columns(spec: TableSpec) -> list[str]:
    return [column.name for column in (*spec.columns, *LINEAGE)]


def _bound(procedure: Procedure, tables: Mapping[str, TableSpec]) -> Iterator[Fault]:
    """Bind the SQL to empty tables: unknown functions, wrong types and columns show here."""
    specs = {name: tables[name] for name in procedure.tables}
    promised = {name: list(columns) for name, columns in procedure.tables.items()}
    if procedure.occurrences:
        specs[OCCURRENCES.name] = OCCURRENCES
        promised[OCCURRENCES.name] = _all_columns(OCCURRENCES)[:3]
    with open_engine(_LIMITS) as (engine, watchdog):
        shut(engine, [])
        watchdog.start()
        for spec in specs.values():
            create_table(engine, spec, promised[spec.name])
        error = _refusal(engine, procedure)
        if error:
            yield from _undeclared(engine, procedure, specs, promised) or [
                (f"it does not run on empty tables: {error}", "correct it")
            ]
            return
        yield from _columns(engine, procedure)
        yield from _unread(engine, procedure, specs, promised)


def _refusal(engine: duckdb.DuckDBPyConnection, procedure: Procedure) -> str:
    """Return why the engine cannot plan the SQL; empty when it can.  Nothing is executed."""
    statement = engine.extract_statements(procedure.sql)[0]
    given = {**procedure.parameters, "period_first": _DAY, "period_last": _DAY}
    values = {name: given[name] for name in statement.named_parameters}
    try:
        engine.execute(f"EXPLAIN {procedure.sql}", values)
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return ""


def _undeclared(
    engine: duckdb.DuckDBPyConnection,
    procedure: Procedure,
    specs: Mapping[str, TableSpec],
    promised: Mapping[str, Sequence[str]],
) -> list[Fault]:
    """Return the columns that the head does not name and without which the SQL cannot be bound."""
    for spec in specs.values():
        create_table(engine, spec, _all_columns(spec))
    if _refusal(engine, procedure):
        return []
    return [
        (f"it reads {name}.{column}", "name the column in the head")
        for name, column in _needed(engine, procedure, specs)
        if column not in promised[name]
    ]


def _unread(
    engine: duckdb.DuckDBPyConnection,
    procedure: Procedure,
    specs: Mapping[str, TableSpec],
    promised: Mapping[str, Sequence[str]],
) -> Iterator[Fault]:
    """Yield declared tables and columns that the SQL can do without."""
    for name, spec in specs.items():
        engine.execute(f"DROP TABLE {_quoted(name)}")
        is_read = bool(_refusal(engine, procedure))
        create_table(engine, spec, promised[name])
        if not is_read:
            part = "table" if name in procedure.tables else "`occurrences`"
            yield f"it does not read {name}", f"take the {part} out of the head"
            continue
        for column in procedure.tables.get(name, ()):
            create_table(engine, spec, [other for other in promised[name] if other != column])
            if not _refusal(engine, procedure):
                yield f"it does not read {name}.{column}", "take the column out of the head"
        create_table(engine, spec, promised[name])


def _needed(
    engine: duckdb.DuckDBPyConnection, procedure: Procedure, specs: Mapping[str, TableSpec]
) -> Iterator[tuple[str, str]]:
    for name, spec in specs.items():
        columns = _all_columns(spec)
        for column in columns:
            create_table(engine, spec, [other for other in columns if other != column])
            if _refusal(engine, procedure):
                yield name, column
        create_table(engine, spec, columns)


def _columns(engine: duckdb.DuckDBPyConnection, procedure: Procedure) -> Iterator[Fault]:
    statement = engine.extract_statements(procedure.sql)[0]
    given = {**procedure.parameters, "period_first": _DAY, "period_last": _DAY}
    values = {name: given[name] for name in statement.named_parameters}
    rows = engine.execute(f"DESCRIBE {procedure.sql}", values).fetchall()
    found = {row[0]: row[1] for row in rows}
    if found not in (COLUMNS, {**COLUMNS, **OCCURRED}):
        yield f"its columns are {found}", "give item, outcome, reason as text, and occurred_at"


def _quoted(name: str) -> str:
    return ".".join(f'"{part}"' for part in name.split("."))
