"""Shaping: kept answers become typed tables in Parquet, again and again the same."""

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import duckdb

from reperform.base.refusal import RefusalError
from reperform.base.table import LINEAGE, Cover, TableSpec
from reperform.connectors.answer import Row, Source
from reperform.evidence.blobs import Opens, sha256_of
from reperform.evidence.collection import Collection, CollectionOutcome, KeptAnswer
from reperform.evidence.lacking import Lacking


class NotShapedError(RefusalError):
    """Kept answers could not be turned into a declared table."""

    slug = "not-shaped"


@dataclass(frozen=True, slots=True)
class ShapedTable:
    """One table as evidence has it.

    Attributes:
        spec: its declaration.
        path: the Parquet file.
        sha256: of that file.
        rows: how many.
        covers: one for each collection that fed it, and one for each that is lacking.
        refused: why every collection that should feed it was refused; empty when not all were.
        partly: why some of them were refused; empty when none was.
    """

    spec: TableSpec
    path: Path
    sha256: str
    rows: int
    covers: tuple[Cover, ...]
    refused: str
    partly: str


def shape(
    sources: Mapping[str, Source],
    collections: Sequence[Collection],
    *,
    store: Opens,
    folder: Path,
    lacking: Sequence[Lacking] = (),
) -> dict[str, ShapedTable]:
    """Shape collections into the tables of their sources, as Parquet files in `folder`.

    Returns the tables by name; each has a file even when it has no row.  A table that several
    sources fill holds the rows of all, in the order of the streams' first collections.

    Args:
        sources: how answers become tables, by stream.
        collections: in the order of the ledger.
        store: where their answers are kept.
        folder: gets the files.
        lacking: what should have fed tables too, and was not collected.

    Raises:
        NotShapedError: a row is not of the declared table, or a value not of its column's type.
        KeyError: no source has a collection's stream.
    """
    streams = by_stream(collections)
    asked = dict.fromkeys((*streams, *(each.stream for each in lacking)))
    specs = {spec.name: spec for stream in asked for spec in sources[stream].tables}
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        lines = {name: stack.enter_context((work / f"{name}.ndjson").open("wb")) for name in specs}
        for stream, collected in streams.items():
            _write(sources[stream], collected, store, lines)
        for file in lines.values():
            file.flush()
        rows = {
            name: _to_parquet(spec, Path(lines[name].name), folder / f"{name}.parquet")
            for name, spec in specs.items()
        }
    fed = _fed(sources, streams, store)
    for each in lacking:
        for spec in sources[each.stream].tables:
            fed.setdefault(spec.name, []).append(_Fed(_uncovered(each), each.reason))
    return {
        name: _shaped(spec, folder / f"{name}.parquet", rows[name], fed[name])
        for name, spec in specs.items()
    }


@dataclass(frozen=True, slots=True)
class _Fed:
    """What a table has of one collection, or lacks of one; `refused` says why it has nothing."""

    cover: Cover
    refused: str = ""


def _uncovered(lacking: Lacking) -> Cover:
    return Cover(None, None, lacking.reason, of=lacking.of)


def _write(
    source: Source,
    collections: Sequence[Collection],
    store: Opens,
    lines: Mapping[str, IO[bytes]],
) -> None:
    own = {spec.name for spec in source.tables}
    for collection in collections:
        for row in source.shape(_kept(collection, store)):
            if row.table not in own:
                raise _undeclared(source, row)
            lines[row.table].write(_line(row))


def _fed(
    sources: Mapping[str, Source], streams: Mapping[str, Sequence[Collection]], store: Opens
) -> dict[str, list[_Fed]]:
    """Return, for each table, what each collection that feeds it vouches for."""
    fed: dict[str, list[_Fed]] = {}
    for stream, collected in streams.items():
        for collection in collected:
            covers = _covers(sources[stream], collection, store)
            is_refused = collection.outcome is CollectionOutcome.REFUSED
            refused = collection.reason.splitlines()[0] if is_refused else ""
            for spec in sources[stream].tables:
                cover = replace(covers[spec.name], of=f"{stream} {collection.target}")
                fed.setdefault(spec.name, []).append(_Fed(cover, refused))
    return fed


def _shaped(spec: TableSpec, path: Path, rows: int, fed: Sequence[_Fed]) -> ShapedTable:
    refusals = [each.refused for each in fed if each.refused]
    said, is_all = "; ".join(refusals), len(refusals) == len(fed)
    partly = "" if is_all else "; ".join([*refusals, *_unseen(fed)])
    return ShapedTable(
        spec=spec,
        path=path,
        sha256=sha256_of(path),
        rows=rows,
        covers=tuple(each.cover for each in fed),
        refused=said if is_all else "",
        partly=partly,
    )


def _unseen(fed: Sequence[_Fed]) -> list[str]:
    """Return whose rows the table lacks although they were asked for and answered something."""
    seen = {each.cover.of for each in fed if each.cover.last is not None}
    return [
        f"{each.cover.of}: {each.cover.missing}"
        for each in fed
        if seen and each.cover.of not in seen and not each.refused
    ]


def _kept(collection: Collection, store: Opens) -> list[KeptAnswer]:
    return [KeptAnswer(answer, store) for answer in collection.answers]


def _covers(source: Source, collection: Collection, store: Opens) -> Mapping[str, Cover]:
    if collection.outcome is CollectionOutcome.REFUSED:
        missing = Cover(None, None, collection.reason.splitlines()[0])
        return {spec.name: missing for spec in source.tables}
    return source.covers(_kept(collection, store), collection.started_at)


def _line(row: Row) -> bytes:
    values = {**row.values, "evidence_blob": row.blob, "evidence_at": row.at}
    return json.dumps(values).encode("ascii") + b"\n"


def _undeclared(source: Source, row: Row) -> NotShapedError:
    return NotShapedError(
        f"{source.stream} was not shaped: {row.table} is not one of its tables",
        why="A table that nobody declared would be tested by nobody.",
        todo="report this: the connector and its declared tables disagree",
    )


def _to_parquet(spec: TableSpec, lines: Path, target: Path) -> int:
    """Write one table's rows, in their order, and return how many there are."""
    columns = (*spec.columns, *LINEAGE)
    types = ", ".join(f"'{column.name}': '{column.type}'" for column in columns)
    selected = ", ".join(f'"{column.name}"' for column in columns)
    read = (
        f"read_json('{_quoted(lines)}', format = 'newline_delimited', columns = {{{types}}}, "
        "maximum_object_size = 67108864)"
    )
    empty = ", ".join(f'NULL::{column.type} AS "{column.name}"' for column in columns)
    rows = (
        f"SELECT {selected} FROM {read}"  # noqa: S608 - names come from the declared tables
        if lines.stat().st_size
        else f"SELECT {empty} WHERE false"
    )
    # One thread, so that the order of rows and the bytes of the file are always the same.
    with duckdb.connect(config={"threads": 1}) as engine:
        try:
            copied = engine.execute(
                f"COPY ({rows}) TO '{_quoted(target)}' (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            raise NotShapedError(
                f"{spec.name} was not shaped: {str(error).splitlines()[0]}",
                why="A value that is not of its column's type would be read as something else.",
                todo="report this with the bundle: the answers are kept and can be shaped again",
            ) from error
    return int(copied[0]) if copied else 0


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def by_stream(collections: Iterable[Collection]) -> dict[str, list[Collection]]:
    """Return the collections of each stream, in their order."""
    streams: dict[str, list[Collection]] = {}
    for collection in collections:
        streams.setdefault(collection.stream, []).append(collection)
    return streams
