"""Events that a source told more than once: each is one row, however many there are.

The names of the events go to a file, and a number for each stays in memory.  Only where two numbers
are alike does the engine look at the names, in bounded memory; it decides, the numbers do not.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import duckdb
import msgspec
import numpy as np

from reperform.connectors.answer import Row

MOST_NUMBERS = 16_000_000
"""Beyond them, the engine looks at the names in any case."""
_HIGHEST = 1 << 44
"""More than the places of a table's rows."""

_encode_lines = msgspec.json.Encoder().encode_lines


class Repeats:
    """Which rows of one table are of events that were told before."""

    def __init__(self, names: Path) -> None:
        """Begin; `names` is written from the first event on."""
        self._names = names
        self._file: IO[bytes] | None = None
        self._numbers = array("q")

    def see(self, rows: Sequence[Row], place: int, of: int) -> None:
        """Take up rows that follow each other; those that name no event count as well.

        Args:
            rows: of the table.
            place: how many came before the first of them.
            of: number of their collection: only within one are equal names one event.
        """
        names = [
            {"of": of, "event": row.event, "rank": row.rank, "place": at}
            for at, row in enumerate(rows, start=place)
            if row.event
        ]
        if not names:
            return
        if self._file is None:
            self._file = self._names.open("wb")
        self._file.write(_encode_lines(names))
        if len(self._numbers) < MOST_NUMBERS:
            self._numbers.extend([hash((of, row.event)) for row in rows if row.event])

    def close(self) -> None:
        """Close the file of names."""
        if self._file is not None:
            self._file.close()

    def are_possible(self) -> bool:
        """Return whether two rows may be of one event; not so, none are."""
        if self._file is None:
            return False
        self._file.flush()
        if len(self._numbers) >= MOST_NUMBERS:
            return True
        numbers = np.frombuffer(self._numbers, dtype=np.int64)
        numbers.sort()
        return bool((numbers[1:] == numbers[:-1]).any())

    def find(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Fill the table `repeats`: place of each row of a repeated event, and whether it is kept.

        The one that is kept goes to the place `goes_to`, of the first of its event.
        """
        engine.execute(
            "CREATE TEMP TABLE names AS SELECT * FROM read_json($names, "
            "format = 'newline_delimited', columns = {'of': 'BIGINT', 'event': 'VARCHAR', "
            "'rank': 'BIGINT', 'place': 'BIGINT'})",
            {"names": str(self._names)},
        )
        engine.execute(
            "CREATE TEMP TABLE repeats AS WITH told AS (SELECT of, event, min(place) AS first, "  # noqa: S608 - numbers
            f"max_by(place, rank * {_HIGHEST} - place) AS kept FROM names "
            "GROUP BY of, event HAVING count(*) > 1) "
            "SELECT place, place = kept AS is_kept, first AS goes_to "
            "FROM names JOIN told USING (of, event)"
        )
        engine.execute("DROP TABLE names")
