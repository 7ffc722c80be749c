"""Checking a test of a control before it is run: it reads what it says, and only that.

The engine is the first wall (nothing else can be reached); this is the second, and the one that
tells the author what to put right.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import cast

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from reperform.base.problem import Problem
from reperform.base.table import LINEAGE, Column, Kind, TableSpec, Type
from reperform.testing.occurrences import FREQUENCIES
from reperform.testing.procedure import Procedure

NATURES = ("inquiry", "observation", "inspection", "reperformance")
OCCURRENCES = TableSpec(
    "expected.occurrences",
    Kind.STATE,
    (
        Column("number", Type.INTEGER, "from 1"),
        Column("first_on", Type.DATE, "first day of the window"),
        Column("due_on", Type.DATE, "last day of the window"),
    ),
)
_FORBIDDEN = {
    *("random", "rand", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"),
    *("now", "today", "current_date", "current_time", "current_timestamp", "get_current_time"),
    *("get_current_timestamp", "current_localtime", "current_localtimestamp", "localtime"),
    *("localtimestamp", "transaction_timestamp", "currentdate", "currenttime", "currentuser"),
    *("currenttimestamp", "getenv", "getvariable", "current_setting", "current_user", "user"),
    *("query", "query_table", "glob", "sniff_csv", "nextval", "currval", "txid_current"),
    *("readcsv", "readparquet", "which_secret", "version", "hostname"),
}
_PREFIXES = ("read_", "duckdb_", "pragma_", "parquet_", "sqlite_", "postgres_", "iceberg_")


def check_procedure(
    procedure: Procedure, *, tables: Mapping[str, TableSpec], controls: Collection[str]
) -> list[Problem]:
    """Return what is wrong with a test of a control; an empty list when nothing is.

    Args:
        procedure: the test.
        tables: every table that evidence can have, by name.
        controls: ids of the controls that exist.
    """
    problems = [
        Problem(procedure.path, what, todo, "procedure")
        for what, todo in (*_head(procedure, tables, controls), *_sql(procedure, tables))
    ]
    return problems or [
        Problem(procedure.path, what, todo, "procedure") for what, todo in _runs(procedure, tables)
    ]


Fault = tuple[str, str]


def _head(
    procedure: Procedure, tables: Mapping[str, TableSpec], controls: Collection[str]
) -> Iterator[Fault]:
    number = procedure.id.removeprefix(f"{procedure.control}.T")
    if not number.isdecimal() or number.startswith("0"):
        yield f"its id is {procedure.id}", f"name it {procedure.control}.T1, .T2, ..."
    if procedure.control not in controls:
        yield f"there is no control {procedure.control}", "name the control that it tests"
    if procedure.nature not in NATURES:
        yield f"its nature is {procedure.nature!r}", f"write one of {', '.join(NATURES)}"
    if procedure.occurrences and procedure.occurrences not in FREQUENCIES:
        yield f"its occurrences are {procedure.occurrences!r}", f"write one of {FREQUENCIES}"
    for name, columns in procedure.tables.items():
        if name not in tables:
            yield f"there is no table {name}", "see docs/reference/tables.md"
            continue
        known = {column.name for column in (*tables[name].columns, *LINEAGE)}
        for column in sorted(set(columns) - known):
            yield f"{name} has no column {column}", "see docs/reference/tables.md"


def _sql(procedure: Procedure, tables: Mapping[str, TableSpec]) -> Iterator[Fault]:
    try:
        parsed = sqlglot.parse(procedure.sql, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        yield f"its SQL cannot be read: {str(error).splitlines()[0]}", "correct it"
        return
    query = parsed[0] if len(parsed) == 1 else None
    if not isinstance(query, exp.Query):
        yield "it is not one SELECT", "write one SELECT (WITH before it is fine)"
        return
    if not query.args.get("order"):
        yield "it has no ORDER BY", "order its items, so that readers see them in order"
    yield from _functions(query)
    yield from _named_values(procedure, query)
    yield from _reads(procedure, query, tables)


def _functions(query: exp.Query) -> Iterator[Fault]:
    for function in query.find_all(exp.Func):
        name = function.name if isinstance(function, exp.Anonymous) else function.key
        lower = name.lower()
        if lower in _FORBIDDEN or lower.startswith(_PREFIXES):
            yield f"it calls {name}", "give the same answer whoever runs it, from the tables alone"


def _named_values(procedure: Procedure, query: exp.Query) -> Iterator[Fault]:
    used = {node.name for node in query.find_all(exp.Placeholder, exp.Parameter)}
    given = {"period_first", "period_last", *procedure.parameters}
    for name in sorted(used - given):
        yield f"${name} has no value", "name it under parameters"
    for name in sorted(set(procedure.parameters) - used):
        yield f"the parameter {name} is not used", "use it or take it out"


def _reads(
    procedure: Procedure, query: exp.Query, tables: Mapping[str, TableSpec]
) -> Iterator[Fault]:
    """Compare tables and columns that are read with those that the head promises, both ways."""
    specs = {name: tables[name] for name in procedure.tables if name in tables}
    if procedure.occurrences:
        specs[OCCURRENCES.name] = OCCURRENCES
    schema: dict[str, object] = {}
    for name, spec in specs.items():
        source, noun = name.split(".")
        columns = {column.name: str(column.type) for column in (*spec.columns, *LINEAGE)}
        schema[source] = {**cast("dict[str, object]", schema.get(source, {})), noun: columns}
    try:
        qualified = qualify(query.copy(), schema=schema, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        yield f"it reads what it cannot: {str(error).splitlines()[0]}", "correct the name"
        return
    read: dict[str, set[str]] = {}
    for scope in traverse_scope(qualified):
        sources = {
            alias: f"{table.db}.{table.name}" if table.db else table.name
            for alias, table in scope.sources.items()
            if isinstance(table, exp.Table)
        }
        for name in sources.values():
            read.setdefault(name, set())
        for column in scope.columns:
            if column.table in sources:
                read[sources[column.table]].add(column.name)
    yield from _promises(procedure, read)


def _promises(procedure: Procedure, read: Mapping[str, set[str]]) -> Iterator[Fault]:
    for name in sorted(set(read) - set(procedure.tables) - {OCCURRENCES.name}):
        yield f"it reads {name}", "name the table in the head, or do not read it"
    if procedure.occurrences and OCCURRENCES.name not in read:
        yield "it does not read expected.occurrences", "take `occurrences` out of the head"
    for name, columns in procedure.tables.items():
        found = read.get(name)
        if found is None:
            yield f"it does not read {name}", "take the table out of the head"
            continue
        for column in sorted(found - set(columns)):
            yield f"it reads {name}.{column}", "name the column in the head"
        for column in sorted(set(columns) - found):
            yield f"it does not read {name}.{column}", "take the column out of the head"


def _runs(procedure: Procedure, tables: Mapping[str, TableSpec]) -> Iterator[Fault]:
    """Bind the SQL to empty tables: unknown functions, wrong types and columns show here."""
    with duckdb.connect() as engine:
        for name in [*procedure.tables, OCCURRENCES.name]:
            spec = OCCURRENCES if name == OCCURRENCES.name else tables[name]
            source, noun = name.split(".")
            columns = ", ".join(f'"{c.name}" {c.type}' for c in (*spec.columns, *LINEAGE))
            engine.execute(f'CREATE SCHEMA IF NOT EXISTS "{source}"')
            engine.execute(f'CREATE TABLE "{source}"."{noun}" ({columns})')
        engine.execute("CREATE MACRO next_business_day(day) AS day::DATE + 1")
        engine.execute("SET enable_external_access = false")
        statement = engine.extract_statements(procedure.sql)[0]
        days = {"period_first": "2025-01-01", "period_last": "2025-12-31"}
        given = {**procedure.parameters, **days}
        values = {name: given[name] for name in statement.named_parameters}
        try:
            engine.execute(f"CREATE TEMP TABLE r AS {procedure.sql.rstrip().rstrip(';')}", values)
        except duckdb.Error as error:
            yield f"it does not run on empty tables: {str(error).splitlines()[0]}", "correct it"
            return
        found = {row[0]: row[1] for row in engine.execute("DESCRIBE r").fetchall()}
    wanted = dict.fromkeys(("item", "outcome", "reason"), "VARCHAR")
    if found not in (wanted, {**wanted, "occurred_at": "TIMESTAMP"}):
        yield f"its columns are {found}", "give item, outcome, reason as text, and occurred_at"
