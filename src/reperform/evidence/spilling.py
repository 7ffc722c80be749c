"""An engine for tables of any size: where its memory ends, it goes on on the disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

_MEMORY, _BUFFER = "512MB", 20_000


@contextmanager
def spilling_engine(folder: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty engine in memory with a bound.

    One thread, so that the order of rows and the bytes of files are always the same.

    Args:
        folder: gets what does not fit in memory, and is the caller's to remove; else a private
            one does.
    """
    with tempfile.TemporaryDirectory(prefix="reperform-", dir=folder) as spilled:
        config: dict[str, str | bool | int | float | list[str]] = {
            "threads": 1,
            "memory_limit": _MEMORY,
            "temp_directory": spilled,
        }
        with duckdb.connect(config=config) as engine:
            yield engine


def batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of what was executed, some at a time."""
    while batch := result.fetchmany(_BUFFER):
        yield batch
