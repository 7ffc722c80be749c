"""The engine: DuckDB that sees the tables it is given, and nothing else."""

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from reperform.base.occurrences import Occurrence
from reperform.base.table import LINEAGE, Column, Kind, TableSpec, Type

ENGINE = f"duckdb {duckdb.__version__}"
OCCURRENCES = TableSpec(
    "expected.occurrences",
    Kind.STATE,
    (
        Column("number", Type.INTEGER, "from 1"),
        Column("first_on", Type.DATE, "first day of the window"),
        Column("due_on", Type.DATE, "last day of the window"),
    ),
)

MACROS = """
CREATE MACRO next_business_day(day) AS
    day::DATE + CASE isodow(day::DATE) WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END;
"""
"""What a test may call beside the engine's own functions."""
_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test may take.

    Attributes:
        memory: as DuckDB writes it.
        seconds: from the first statement to the last item.
        threads: how many at once; more change the time, never the result.
        disk: what does not fit in memory goes to a private folder, up to this much.
    """

    memory: str = "1GB"
    seconds: float = 60
    threads: int = 2
    disk: str = "10GB"


class Watchdog:
    """Interrupts an engine when its time is over, and goes on until it is stopped.

    One interrupt would not do: it is lost when it falls between two statements.
    """

    def __init__(self, engine: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._stop = threading.Event()
        self._expired = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def has_expired(self) -> bool:
        """Whether the time is over."""
        return self._expired.is_set()

    def start(self) -> None:
        """Begin to count."""
        self._thread.start()

    def stop(self) -> None:
        """Stop counting; after this the engine is never interrupted."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        wait = self._seconds
        while not self._stop.wait(wait):
            self._expired.set()
            self._engine.interrupt()
            wait = _AGAIN


@contextmanager
def open_engine(limits: Limits) -> Iterator[tuple[duckdb.DuckDBPyConnection, Watchdog]]:
    """Open an empty engine in memory with its limits, and close it and its folder at the end.

    Until `shut` is called it can reach files: only declared tables are put in before that.
    """
    with tempfile.TemporaryDirectory(prefix="reperform-") as folder:
        engine = duckdb.connect(
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
                "temp_directory": folder,
                "max_temp_directory_size": limits.disk,
                "memory_limit": limits.memory,
                "threads": limits.threads,
            }
        )
        watchdog = Watchdog(engine, limits.seconds)
        try:
            engine.execute("SET TimeZone = 'UTC'")
            engine.execute(MACROS)
            yield engine, watchdog
        finally:
            watchdog.stop()
            engine.close()


def shut(engine: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Shut the engine off from everything but `files`, for good.

    After this no statement can read another file, load an extension, see a variable of this
    process or change a setting.
    """
    paths = ", ".join(quoted(path) for path in files)
    engine.execute(f"SET allowed_paths = [{paths}]")
    engine.execute("SET enable_external_access = false")
    engine.execute("SET lock_configuration = true")


@contextmanager
def closed_engine(
    tables: Mapping[str, tuple[Path, Sequence[str]]],
    occurrences: Sequence[Occurrence],
    limits: Limits,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Watchdog]]:
    """Open an engine that has the tables as views, and is shut off from everything else.

    Args:
        tables: name -> Parquet file, and the columns that are to be seen.  Rows stay in the file.
        occurrences: what `expected.occurrences` holds.
        limits: what it may take.  Running longer is interrupted.

    Raises:
        duckdb.Error: a file is not Parquet, or lacks a column.
    """
    with open_engine(limits) as (engine, watchdog):
        for name, (path, columns) in tables.items():
            _create_view(engine, name, path, columns)
        add_occurrences(engine, occurrences)
        shut(engine, [path for path, _ in tables.values()])
        watchdog.start()
        yield engine, watchdog


def add_occurrences(engine: duckdb.DuckDBPyConnection, occurrences: Sequence[Occurrence]) -> None:
    """Create `expected.occurrences`."""
    create_table(engine, OCCURRENCES, [column.name for column in OCCURRENCES.columns])
    for occurrence in occurrences:
        engine.execute(
            "INSERT INTO expected.occurrences VALUES (?, ?, ?)",
            [occurrence.number, occurrence.first_on, occurrence.due_on],
        )


def create_table(
    engine: duckdb.DuckDBPyConnection, spec: TableSpec, columns: Sequence[str]
) -> None:
    """Create an empty table with some columns of a declared one; with none, one that is unnamed."""
    types = {column.name: column.type for column in (*spec.columns, *LINEAGE)}
    listed = ", ".join(f'"{name}" {types[name]}' for name in columns) or '" " VARCHAR'
    schema, noun = spec.name.split(".")
    engine.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    engine.execute(f'CREATE OR REPLACE TABLE "{schema}"."{noun}" ({listed})')


def _create_view(
    engine: duckdb.DuckDBPyConnection, name: str, path: Path, columns: Sequence[str]
) -> None:
    schema, noun = (named(part) for part in name.split("."))
    listed = ", ".join(named(column) for column in columns) or "NULL"
    engine.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    engine.execute(
        f"CREATE VIEW {schema}.{noun} AS "  # noqa: S608 - every name and path is quoted
        f"SELECT {listed} FROM read_parquet({quoted(path)})"
    )


def quoted(path: Path) -> str:
    """Return a path as SQL writes a text."""
    return "'" + str(path).replace("'", "''") + "'"


def named(name: str) -> str:
    """Return a name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
