"""The evidence of an organization for a period, from everything that its connections brought."""

import json
from collections.abc import Iterable, Mapping
from functools import partial

from django.db.models import Q, QuerySet

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.connectors.registry import installed
from reperform.evidence.blobs import BlobStore
from reperform.evidence.choosing import Ended, choose
from reperform.evidence.collection import Collection
from reperform.evidence.folders import collection_folder
from reperform.evidence.gathering import Gathered, Gathering, lost
from reperform.evidence.lacking import Lacking
from reperform.evidence.models import CollectionRecord
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.access import ConnectorMissingError
from reperform.evidence.queries.lacking import lacking
from reperform.evidence.sources import sources


def gathering(organization: Organization) -> Gathering:
    """Return how the evidence of an organization is gathered, and read, by what is installed."""
    return Gathering(partial(gathered, organization), sources())


def gathered(organization: Organization, period: Period) -> Gathered:
    """Return the evidence of an organization that says something of a period.

    Of a stream that moves a cursor, every collection that is evidence; of a snapshot, the newest
    of each target.  Where there is none, the newest that was refused, which says why.  What a
    connection in use was never asked, or brought nothing usable of, is `lacking`.

    Raises:
        ConnectorMissingError: the connector of something that was collected, or of a connection
            in use, is not installed any more.  Without its rows a table that others fill too
            would look whole.
        EvidenceLostError: the record of a collection is not on the disk any more.
    """
    rows = CollectionRecord.objects.filter(organization=organization, ended_at__isnull=False)
    rows = rows.exclude(outcome=RunOutcome.ABANDONED.value).order_by("stream", "sequence")
    cursors = _cursors()
    missing = sorted(set(rows.order_by().values_list("stream", flat=True).distinct()) - {*cursors})
    if missing:
        raise ConnectorMissingError(
            f"nothing was gathered: no connector for {', '.join(missing)} is installed",
            why="What it brought cannot be read, and a table without its rows would look whole.",
            todo="install the connector again, then go on",
        )
    chosen = _chosen(rows, cursors, period)
    return _read(organization, chosen, lacking(organization, chosen, period), cursors)


def _cursors() -> dict[str, bool]:
    """Return, for each stream that is installed, whether it moves a cursor."""
    return {
        stream.name: stream.cursor is not None
        for connector in installed().connectors.values()
        for stream in connector.streams
    }


def _chosen(
    rows: QuerySet[CollectionRecord], cursors: Mapping[str, bool], period: Period
) -> list[CollectionRecord]:
    """Return the rows that `choose` chooses; what it could not choose is left to the database."""
    covers = Q(tables__last_day__gte=period.first) & (
        Q(tables__first_day=None) | Q(tables__first_day__lte=period.last)
    )
    eligible = rows.filter((covers & Q(is_used=True)) | Q(outcome=RunOutcome.REFUSED.value))
    found = {
        (row.stream, row.sequence): row for row in eligible.distinct().prefetch_related("tables")
    }
    chosen = choose(map(_ended, found.values()), cursors=cursors, period=period)
    return [found[(each.stream, each.sequence)] for each in chosen]


def _ended(row: CollectionRecord) -> Ended:
    return Ended(
        stream=row.stream,
        target=row.target,
        sequence=row.sequence,
        outcome=RunOutcome(row.outcome),
        is_used=row.is_used,
        record=row.record_sha256,
        days=tuple((each.first_day, each.last_day) for each in row.tables.all()),
    )


def _read(
    organization: Organization,
    rows: Iterable[CollectionRecord],
    lacks: tuple[Lacking, ...],
    cursors: Mapping[str, bool],
) -> Gathered:
    collections: list[tuple[Collection, str]] = []
    stores: dict[str, BlobStore] = {}
    for row in rows:
        store = collection_folder(organization.log, row.stream, row.sequence).blobs
        try:
            with store.open(row.record_sha256) as file:
                collection = Collection.from_record(json.load(file))
        except FileNotFoundError:
            raise lost(
                f"the record of collection {row.sequence} of {row.stream} is missing"
            ) from None
        collections.append((collection, row.record_sha256))
        stores |= {answer.blob: store for answer in collection.answers if answer.blob}
        stores[row.record_sha256] = store
    return Gathered(tuple(collections), stores, lacks, cursors)
