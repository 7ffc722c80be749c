"""Shaping: kept answers become typed tables in Parquet, again and again the same."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from reperform.base.table import Cover, TableSpec
from reperform.connectors.answer import Row, Source
from reperform.connectors.by_days import ByDays, Days, Span, days_of
from reperform.evidence.blobs import Opens, sha256_of
from reperform.evidence.collection import Collection, CollectionOutcome, KeptAnswer
from reperform.evidence.lacking import Lacking
from reperform.evidence.table_file import NotShapedError, TableFile

__all__ = ["NotShapedError", "ShapedTable", "by_stream", "shape"]

_BATCH = 1_000
"""Rows that are in memory at once."""


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
    fed: dict[str, list[_Fed]] = {}
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        files = {
            name: stack.enter_context(TableFile(spec, work=work, target=folder / f"{name}.parquet"))
            for name, spec in specs.items()
        }
        for number, collection in enumerate(each for own in streams.values() for each in own):
            source = sources[collection.stream]
            days = _write(source, collection, number, store, files)
            for name, one in _fed(source, collection, days, store).items():
                fed.setdefault(name, []).append(one)
        rows = {name: file.finish() for name, file in files.items()}
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
    collection: Collection,
    number: int,
    store: Opens,
    files: Mapping[str, TableFile],
) -> dict[str, Days]:
    """Write the rows of a collection, and return the days of those of each table."""
    spans = {spec.name: Span() for spec in source.tables}
    rows = source.shape(_kept(collection, store))
    while batch := list(islice(rows, _BATCH)):
        for table, own in _by_table(batch).items():
            if table not in spans:
                raise _undeclared(source, table)
            files[table].add(own, number)
            spans[table].see(own)
    return days_of(spans)


def _by_table(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.table, []).append(row)
    return found


def _fed(
    source: Source, collection: Collection, days: Mapping[str, Days], store: Opens
) -> dict[str, _Fed]:
    """Return what a collection vouches for, by table."""
    covers = _covers(source, collection, days, store)
    is_refused = collection.outcome is CollectionOutcome.REFUSED
    refused = collection.reason.splitlines()[0] if is_refused else ""
    of = f"{collection.stream} {collection.target}"
    return {spec.name: _Fed(replace(covers[spec.name], of=of), refused) for spec in source.tables}


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


def _covers(
    source: Source, collection: Collection, days: Mapping[str, Days], store: Opens
) -> Mapping[str, Cover]:
    if collection.outcome is CollectionOutcome.REFUSED:
        missing = Cover(None, None, collection.reason.splitlines()[0])
        return {spec.name: missing for spec in source.tables}
    kept = _kept(collection, store)
    if isinstance(source.covers, ByDays):
        return source.covers.covers(kept, days)
    return source.covers(kept, collection.started_at)


def _undeclared(source: Source, table: str) -> NotShapedError:
    return NotShapedError(
        f"{source.stream} was not shaped: {table} is not one of its tables",
        why="A table that nobody declared would be tested by nobody.",
        todo="report this: the connector and its declared tables disagree",
    )


def by_stream(collections: Iterable[Collection]) -> dict[str, list[Collection]]:
    """Return the collections of each stream, in their order."""
    streams: dict[str, list[Collection]] = {}
    for collection in collections:
        streams.setdefault(collection.stream, []).append(collection)
    return streams
