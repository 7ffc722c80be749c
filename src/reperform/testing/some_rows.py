"""An engine in which a test sees some rows of its tables only."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from reperform.base.occurrences import Occurrence
from reperform.base.table import LINEAGE
from reperform.testing.engine import (
    Limits,
    add_occurrences,
    named,
    open_engine,
    quoted,
    shut,
)

_SHORTEST = 2
"""Characters of a row's values that must be part of an item's name before they say anything."""
_MOST_NAMING = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table that follow each other, by their number in the file from 0."""

    table: str
    first: int
    last: int

    def halves(self) -> tuple["Rows", ...]:
        """Return two runs that are these rows, or the one row."""
        if self.first == self.last:
            return (self,)
        middle = (self.first + self.last) // 2
        return Rows(self.table, self.first, middle), Rows(self.table, middle + 1, self.last)


class SomeRows:
    """Tables as files, of which a statement sees the rows that it is given."""

    def __init__(
        self,
        engine: duckdb.DuckDBPyConnection,
        tables: Mapping[str, tuple[Path, Sequence[str]]],
    ) -> None:
        self._engine, self._tables = engine, tables

    def everything(self) -> list[Rows]:
        """Return all rows of all tables; a table without any has no run."""
        counts = {
            name: self._one(f"SELECT count(*) FROM {_file(path)}")  # noqa: S608 - every path is quoted
            for name, (path, _) in self._tables.items()
        }
        return [Rows(name, 0, count - 1) for name, count in counts.items() if count]

    def naming(self, item: str) -> list[Rows]:
        """Return the rows of each table that name the item best: likely the ones it takes.

        A text names it as far as it is part of the item's name.
        """
        found = []
        for name, (path, columns) in self._tables.items():
            parts = [
                f"CASE WHEN contains($item, {named(column)}::VARCHAR) "
                f"THEN length({named(column)}::VARCHAR) ELSE 0 END"
                for column in columns
            ]
            if not parts:
                continue
            rows = self._engine.execute(
                f"SELECT file_row_number, {' + '.join(parts)} AS named FROM {_file(path)} "  # noqa: S608 - every name and path is quoted
                f"QUALIFY named >= {_SHORTEST} AND named = max(named) OVER () "
                f"ORDER BY file_row_number LIMIT {_MOST_NAMING}",
                {"item": item},
            ).fetchall()
            found += [Rows(name, number, number) for number, _ in rows]
        return found

    def outcome(
        self, sql: str, given: Mapping[str, Any], item: str, rows: Sequence[Rows]
    ) -> tuple[str, str] | None:
        """Return outcome and reason of an item when a test sees these rows only; None without it.

        A test that fails over them says nothing of the item.
        """
        self._keep(rows)
        text = (
            f"SELECT outcome, reason FROM (\n{sql.rstrip().rstrip(';')}\n) WHERE item = $the_item"  # noqa: S608 - `syntax.faults` found nothing in it
        )
        names = self._engine.extract_statements(text)[0].named_parameters
        values = {name: {**given, "the_item": item}[name] for name in names}
        try:
            found = self._engine.execute(text, values).fetchall()
        except (
            duckdb.ConversionException,
            duckdb.InvalidInputException,
            duckdb.OutOfRangeException,
        ):
            return None
        return (str(found[0][0]), str(found[0][1])) if len(found) == 1 else None

    def read(self, rows: Sequence[Rows]) -> Iterator[tuple[str, dict[str, Any], str, int]]:
        """Yield table, values, blob and position of each row."""
        lineage = ", ".join(named(column.name) for column in LINEAGE)
        for each in rows:
            path, columns = self._tables[each.table]
            listed = ", ".join([*map(named, columns), lineage])
            for *values, blob, at in self._engine.execute(
                f"SELECT {listed} FROM {_file(path)} "  # noqa: S608 - every name and path is quoted
                "WHERE file_row_number BETWEEN ? AND ? ORDER BY file_row_number",
                [each.first, each.last],
            ).fetchall():
                yield each.table, dict(zip(columns, values, strict=True)), blob, at

    def _keep(self, rows: Sequence[Rows]) -> None:
        self._engine.execute("DELETE FROM chosen.kept")
        for each in rows:
            self._engine.execute(
                "INSERT INTO chosen.kept VALUES (?, ?, ?)", [each.table, each.first, each.last]
            )

    def _one(self, query: str) -> int:
        row = self._engine.execute(query).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def some_rows(
    tables: Mapping[str, tuple[Path, Sequence[str]]],
    occurrences: Sequence[Occurrence],
    limits: Limits,
) -> Iterator[SomeRows]:
    """Open an engine as `closed_engine` does, whose views show the rows that are kept.

    Raises:
        duckdb.Error: a file is not Parquet, or lacks a column.
    """
    with open_engine(limits) as (engine, watchdog):
        engine.execute("CREATE SCHEMA chosen")
        engine.execute('CREATE TABLE chosen.kept ("table" VARCHAR, first BIGINT, last BIGINT)')
        for name, (path, columns) in tables.items():
            _create_view(engine, name, path, columns)
        add_occurrences(engine, occurrences)
        shut(engine, [path for path, _ in tables.values()])
        watchdog.start()
        yield SomeRows(engine, tables)


def _create_view(
    engine: duckdb.DuckDBPyConnection, name: str, path: Path, columns: Sequence[str]
) -> None:
    schema, noun = map(named, name.split("."))
    listed = ", ".join(map(named, columns)) or "NULL"
    engine.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    engine.execute(
        f"CREATE VIEW {schema}.{noun} AS "  # noqa: S608 - every name and path is quoted
        f"SELECT {listed} FROM {_file(path)} AS file WHERE EXISTS (FROM chosen.kept WHERE "
        f"\"table\" = '{name}' AND file.file_row_number BETWEEN kept.first AND kept.last)"
    )


def _file(path: Path) -> str:
    return f"read_parquet({quoted(path)}, file_row_number = true)"
