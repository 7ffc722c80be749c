"""Whether two Parquet files hold the same rows in the same order."""

from pathlib import Path

import duckdb

from reperform.evidence.blobs import sha256_of
from reperform.evidence.spilling import spilling_engine


def same_rows(one: Path, other: Path) -> bool:
    """Return whether two Parquet files hold the same columns and rows, in the same order.

    A file that cannot be read as Parquet is not the same as anything.
    """
    if sha256_of(one) == sha256_of(other):
        return True
    files = {"one": str(one), "other": str(other)}
    with spilling_engine() as engine:
        try:
            shapes = [
                engine.execute("DESCRIBE FROM read_parquet($path)", {"path": path}).fetchall()
                for path in files.values()
            ]
            rows = engine.execute(
                "SELECT (SELECT count(*) FROM read_parquet($one)) = "
                "(SELECT count(*) FROM read_parquet($other))",
                files,
            ).fetchone()
            if shapes[0] != shapes[1] or rows != (True,):
                return False
            # Row by row: nothing of the files is held, however many rows they have.
            different = engine.execute(
                "SELECT 1 FROM read_parquet($one) AS one POSITIONAL JOIN "
                "read_parquet($other) AS other WHERE one IS DISTINCT FROM other LIMIT 1",
                files,
            ).fetchone()
        except duckdb.Error:
            return False
        return different is None
