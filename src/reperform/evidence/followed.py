"""What became of a collection: its tables, and where its stream goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from reperform.base.table import Cover
from reperform.connectors.contract import Stream
from reperform.evidence.blobs import BlobStore
from reperform.evidence.collection import Collection, CollectionOutcome, KeptAnswer
from reperform.evidence.folders import CollectionFolder
from reperform.evidence.shape import NotShapedError, ShapedTable, shape

UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading answers of another form than expected raises: the source changed its schema."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A collection and what came of it.

    Attributes:
        collection: as it was kept.
        tables: shaped, by name; empty when they could not be.
        covers: table -> the days that it vouches for, or why for none.
        cursor: where the next one goes on; empty when this one moved nothing.
        is_used: whether its rows are evidence.
        reason: why it is not used although something was answered; else as the collection's.
    """

    collection: Collection
    tables: dict[str, ShapedTable]
    covers: dict[str, Cover]
    cursor: str
    is_used: bool
    reason: str


def follow(
    stream: Stream, collection: Collection, folder: CollectionFolder, before: str
) -> Followed:
    """Shape a collection into its tables, and find where its stream goes on.

    Answers that cannot be read are kept, and can be shaped again by a later version; until then
    they vouch for nothing.

    Args:
        stream: of the collection.
        collection: that ended.
        folder: where its answers are, and its tables go.
        before: the cursor that it was asked from.
    """
    try:
        sources = {stream.name: stream.source}
        tables = shape(sources, [collection], store=folder.blobs, folder=folder.tables)
        cursor = _cursor(stream, collection, folder.blobs)
    except NotShapedError as error:
        return _unread(stream, collection, error.what)
    except UNREADABLE as error:
        what = f"the answers are not of the form that is known: {type(error).__name__}: {error}"
        return _unread(stream, collection, what)
    reason = _unused(stream, collection, tables, before=before, after=cursor)
    covers = {
        name: Cover(None, None, reason) if reason else table.covers[0]
        for name, table in tables.items()
    }
    return Followed(
        collection=collection,
        tables=tables,
        covers=covers,
        cursor="" if reason else cursor,
        is_used=not reason and collection.outcome is not CollectionOutcome.REFUSED,
        reason=reason or collection.reason,
    )


def _cursor(stream: Stream, collection: Collection, store: BlobStore) -> str:
    if stream.cursor is None or collection.outcome is not CollectionOutcome.COMPLETE:
        return ""
    kept: Sequence[KeptAnswer] = [KeptAnswer(answer, store) for answer in collection.answers]
    return stream.cursor(collection.parameters, kept)


def _unused(
    stream: Stream,
    collection: Collection,
    tables: dict[str, ShapedTable],
    *,
    before: str,
    after: str,
) -> str:
    """Return why the rows of a stream that moves a cursor would come twice; empty for not."""
    if stream.cursor is None or collection.outcome is CollectionOutcome.REFUSED:
        return ""
    if collection.outcome is CollectionOutcome.PARTIAL:
        return f"not whole, so it is asked once more: {collection.reason}"
    if after in ("", before) and any(table.rows for table in tables.values()):
        return "the source does not say where it ended, so it is asked once more"
    return ""


def _unread(stream: Stream, collection: Collection, reason: str) -> Followed:
    reason = reason[:1_000]
    covers = {spec.name: Cover(None, None, reason) for spec in stream.source.tables}
    return Followed(collection, {}, covers, "", is_used=False, reason=reason)
