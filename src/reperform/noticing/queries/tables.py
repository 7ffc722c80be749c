"""The rows that a connection brought last, out of its shaped tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from django.db.models import Max

from reperform.accounts.models import Organization
from reperform.evidence.folders import collection_folder
from reperform.evidence.models import CollectedTable

Place = tuple[int, str]
"""Number and title of a connection."""


def newest_rows(
    organization: Organization, table: str, statement: str, **parameters: object
) -> Iterator[tuple[Place, list[tuple[Any, ...]]]]:
    """Yield what a statement finds in the newest tables of each connection in use.

    A file that is gone is passed over: an examination refuses to go on without it, and here it
    would hide every other notice.

    Args:
        organization: whose connections.
        table: its name; a state, of which the newest stands for all.
        statement: SQL that reads `newest`; ours, nothing in it is somebody's input.
        parameters: of the statement, by name.
    """
    files = _files(organization, table)
    if not files:
        return
    with duckdb.connect(config={"threads": 1}) as engine:
        for place, paths in files.items():
            listed = ", ".join(_literal(path) for path in paths)
            engine.execute(f"CREATE OR REPLACE VIEW newest AS FROM read_parquet([{listed}])")
            yield place, engine.execute(statement, parameters).fetchall()


def _files(organization: Organization, table: str) -> dict[Place, list[Path]]:
    rows = CollectedTable.objects.filter(
        connection__organization=organization,
        connection__retired_on=None,
        table=table,
        collection__is_used=True,
    )
    of = ("connection__number", "connection__title", "collection__stream", "collection__target")
    newest = rows.values(*of).annotate(sequence=Max("collection__sequence"))
    found: dict[Place, list[Path]] = {}
    for number, title, stream, _, sequence in newest.order_by("connection__number").values_list(
        *of, "sequence"
    ):
        folder = collection_folder(organization.log, stream, sequence)
        path = folder.path / "tables" / f"{table}.parquet"
        if path.is_file():
            found.setdefault((number, title), []).append(path)
    return found


def _literal(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"'{quoted}'"
