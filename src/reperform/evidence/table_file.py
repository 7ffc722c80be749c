"""One table as a Parquet file, written as its rows come: memory does not grow with them."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import msgspec

from reperform.base.refusal import RefusalError
from reperform.base.table import LINEAGE, TableSpec, Type
from reperform.connectors.answer import Row
from reperform.evidence.repeats import Repeats
from reperform.evidence.spilling import spilling_engine

PART = 256 << 20
"""Bytes of rows as text that wait on the disk before they are packed."""
_SHORTEST = 1 << 20

_encode_lines = msgspec.json.Encoder().encode_lines


class NotShapedError(RefusalError):
    """Kept answers could not be turned into a declared table."""

    slug = "not-shaped"


class TableFile:
    """Rows of one declared table, in their order, on the way to a file.

    Use as a context, so that what is written on the way is closed.
    """

    def __init__(self, spec: TableSpec, *, work: Path, target: Path) -> None:
        """Begin a table.

        Args:
            spec: its declaration.
            work: a folder for what is written on the way.
            target: gets the file when the table is finished.
        """
        self._spec, self._work, self._target = spec, work, target
        self._lines = (work / f"{spec.name}.ndjson").open("wb")
        self._size = self._longest = self._rows = 0
        self._parts: list[Path] = []
        self._repeats = Repeats(work / f"{spec.name}.names")
        self._numbers = [each.name for each in spec.columns if each.type is Type.INTEGER]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lines.close()
        self._repeats.close()

    def add(self, rows: Sequence[Row], of: int) -> None:
        """Add rows that follow each other.

        Args:
            rows: of this table.
            of: number of the collection that they are from.

        Raises:
            NotShapedError: a value is not of its column's type.
        """
        lines = self._encoded(rows)
        self._lines.write(lines)
        self._repeats.see(rows, self._rows, of)
        self._rows += len(rows)
        self._size += len(lines)
        if len(lines) > _SHORTEST:
            self._longest = max(self._longest, *map(len, lines.split(b"\n")))
        if self._size >= PART:
            self._pack()

    def _encoded(self, rows: Sequence[Row]) -> bytes:
        """Return rows as lines of JSON: what is no number stays none, and no NULL."""
        lines = [{"values": row.values, "blob": row.blob, "at": row.at} for row in rows]
        is_odd = any(type(row.values.get(name)) is float for name in self._numbers for row in rows)
        if not is_odd:
            try:
                return _encode_lines(lines)
            except (UnicodeEncodeError, OverflowError, TypeError):
                pass
        return b"".join(
            json.dumps({**line, "values": dict(row.values)}).encode("ascii") + b"\n"
            for line, row in zip(lines, rows, strict=True)
        )

    def finish(self) -> int:
        """Write the file, each event once, and return how many rows it has.

        Raises:
            NotShapedError: a value is not of its column's type.
        """
        are_repeated = self._repeats.are_possible()
        if self._parts or are_repeated:
            self._pack()
            return self._join(are_repeated=are_repeated)
        self._lines.flush()
        return self._copy(self._read_lines(), self._target)

    def _pack(self) -> None:
        """Pack the rows that wait, and begin anew behind them."""
        self._lines.flush()
        part = self._work / f"{self._spec.name}.{len(self._parts):06}.parquet"
        self._copy(self._read_lines(), part)
        self._parts.append(part)
        self._lines.truncate(0)
        self._lines.seek(0)
        self._size = 0

    def _copy(self, rows: str, target: Path) -> int:
        with self._engine() as engine:
            return _written(engine, rows, target)

    def _join(self, *, are_repeated: bool) -> int:
        """Write the parts as one file, and leave out what was told before."""
        names = ", ".join(_quoted(part) for part in self._parts)
        rows = f"SELECT * FROM read_parquet([{names}])"  # noqa: S608 - files of this folder
        with self._engine() as engine:
            if are_repeated:
                self._repeats.find(engine)
                columns = ", ".join(f'numbered."{name}"' for name in self._columns())
                rows = (
                    f"SELECT {columns} FROM (SELECT *, row_number() OVER () - 1 AS evidence_place "  # noqa: S608 - names come from the declared tables
                    f"FROM ({rows})) AS numbered LEFT JOIN repeats ON place = evidence_place "
                    "WHERE place IS NULL OR is_kept ORDER BY coalesce(goes_to, evidence_place)"
                )
            return _written(engine, rows, self._target)

    def _columns(self) -> list[str]:
        return [column.name for column in (*self._spec.columns, *LINEAGE)]

    def _read_lines(self) -> str:
        """Return the SELECT of the rows that wait."""
        columns = (*self._spec.columns, *LINEAGE)
        if not self._size:
            empty = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in columns)
            return f"SELECT {empty} WHERE false"
        types = ", ".join(f'"{each.name}" {each.type}' for each in self._spec.columns)
        selected = ", ".join(f'"values"."{each.name}"' for each in self._spec.columns)
        lineage = ", ".join(
            f'"{name}" AS "{each.name}"' for name, each in zip(("blob", "at"), LINEAGE, strict=True)
        )
        return (
            f"SELECT {selected}, {lineage} FROM "  # noqa: S608 - names come from the declared tables
            f"read_json({_quoted(Path(self._lines.name))}, format = 'newline_delimited', "
            f"columns = {{'values': 'STRUCT({types})', 'blob': 'VARCHAR', 'at': 'BIGINT'}}, "
            f"maximum_object_size = {max(self._longest, _SHORTEST)})"
        )

    @contextmanager
    def _engine(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with spilling_engine(self._work) as engine:
            try:
                yield engine
            except duckdb.IOException:
                raise
            except duckdb.Error as error:
                raise NotShapedError(
                    f"{self._spec.name} was not shaped: {str(error).splitlines()[0]}",
                    why="A value that is not of its column's type would be read as another one.",
                    todo="report this with the bundle: the answers are kept, to be shaped again",
                ) from error


def _written(engine: duckdb.DuckDBPyConnection, rows: str, target: Path) -> int:
    """Write the rows of a SELECT as Parquet, and return how many there are."""
    copied = engine.execute(
        f"COPY ({rows}) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchone()
    return int(copied[0]) if copied else 0


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
