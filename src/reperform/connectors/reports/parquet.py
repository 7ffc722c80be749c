"""OCSF events in Parquet: read by DuckDB, which reaches nothing but that file."""

import json
import tempfile
from typing import Any

import duckdb

from reperform.connectors.content import NotReadError

MAGIC = b"PAR1"
_MOST = 200_000
_MEMORY = "512MB"


def events(content: bytes) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file as JSON values.

    Raises:
        NotReadError: it is not Parquet to its end, or has more rows than a report should.
    """
    if not content.endswith(MAGIC):
        raise NotReadError("is cut off: it does not end as Parquet does")
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(content)
        file.flush()
        with duckdb.connect(config={"threads": 1, "memory_limit": _MEMORY}) as engine:
            engine.execute("SET allowed_paths = $1", [[file.name]])
            engine.execute("SET enable_external_access = false")
            try:
                rows = engine.execute(
                    "SELECT to_json(t) FROM read_parquet(?) t LIMIT ?", [file.name, _MOST + 1]
                ).fetchall()
            except duckdb.Error as error:
                what = f"is not Parquet that can be read: {str(error).splitlines()[0][:200]}"
                raise NotReadError(what) from error
    if len(rows) > _MOST:
        raise NotReadError(f"has more than {_MOST:,} rows")
    return [json.loads(row[0]) for row in rows]
