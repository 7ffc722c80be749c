"""The engine: DuckDB that sees the tables it is given, and nothing else."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from reperform.base.table import LINEAGE, TableSpec
from reperform.testing.occurrences import Occurrence

ENGINE = f"duckdb {duckdb.__version__}"

_MACROS = """
CREATE MACRO next_business_day(day) AS
    day::DATE + CASE isodow(day::DATE) WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END;
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test may take: memory as DuckDB writes it, seconds, threads."""

    memory: str = "1GB"
    seconds: float = 60
    threads: int = 2


@contextmanager
def closed_engine(
    tables: Mapping[str, tuple[TableSpec, Path]],
    occurrences: tuple[Occurrence, ...],
    limits: Limits,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine in memory with the tables as views, and shut it off from everything else.

    After this no statement can read another file, write one, load an extension, see a variable
    of this process or change a setting.  Running longer than `limits.seconds` is interrupted.
    """
    engine = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
            "temp_directory": "",
            "memory_limit": limits.memory,
            "threads": limits.threads,
        }
    )
    watchdog = threading.Timer(limits.seconds, engine.interrupt)
    try:
        paths = ", ".join(_quoted(path) for _, path in tables.values())
        engine.execute(f"SET allowed_paths = [{paths}]")
        for spec, path in tables.values():
            _create_view(engine, spec, path)
        engine.execute(_MACROS)
        _create_occurrences(engine, occurrences)
        engine.execute("SET enable_external_access = false")
        engine.execute("SET lock_configuration = true")
        watchdog.start()
        yield engine
    finally:
        watchdog.cancel()
        engine.close()


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _create_view(engine: duckdb.DuckDBPyConnection, spec: TableSpec, path: Path) -> None:
    schema, name = spec.name.split(".")
    columns = ", ".join(f'"{column.name}"' for column in (*spec.columns, *LINEAGE))
    engine.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    engine.execute(
        f'CREATE VIEW "{schema}"."{name}" AS '  # noqa: S608 - names come from the declared tables
        f"SELECT {columns} FROM read_parquet({_quoted(path)})"
    )


def _create_occurrences(
    engine: duckdb.DuckDBPyConnection, occurrences: tuple[Occurrence, ...]
) -> None:
    engine.execute("CREATE SCHEMA expected")
    engine.execute("CREATE TABLE expected.occurrences (number INTEGER, first_on DATE, due_on DATE)")
    for occurrence in occurrences:
        engine.execute(
            "INSERT INTO expected.occurrences VALUES (?, ?, ?)",
            [occurrence.number, occurrence.first_on, occurrence.due_on],
        )
