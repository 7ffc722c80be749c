"""The evidence of an organization for a period, from everything that its connections brought."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO

from django.db.models import Q, QuerySet

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.connectors.registry import installed
from reperform.evidence.blobs import BlobStore
from reperform.evidence.collection import Collection
from reperform.evidence.folders import collection_folder
from reperform.evidence.lacking import Lacking
from reperform.evidence.models import CollectionRecord
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.access import ConnectorMissingError
from reperform.evidence.queries.lacking import lacking


@dataclass(frozen=True, slots=True)
class Gathered:
    """Collections in the order of their streams, each with its record's digest, and their blobs.

    It is what `evidence.shape.shape` and `audit.examine.Inputs` take.  `lacking` is what
    connections in use should have brought of the period, and did not.
    """

    collections: tuple[tuple[Collection, str], ...]
    stores: dict[str, BlobStore]
    lacking: tuple[Lacking, ...] = ()

    def open(self, sha256: str) -> IO[bytes]:
        """Open a blob's content.

        Raises:
            FileNotFoundError: none of the collections has it.
        """
        if sha256 not in self.stores:
            raise FileNotFoundError(sha256)
        return self.stores[sha256].open(sha256)


def gathered(organization: Organization, period: Period) -> Gathered:
    """Return the evidence of an organization that says something of a period.

    Of a stream that moves a cursor, every collection that is evidence; of a snapshot, the newest
    of each target.  Where there is none, the newest that was refused, which says why.  What a
    connection in use was never asked, or brought nothing usable of, is `lacking`.

    Raises:
        ConnectorMissingError: the connector of something that was collected, or of a connection
            in use, is not installed any more.  Without its rows a table that others fill too
            would look whole.
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
    return _read(
        organization,
        sorted(chosen, key=lambda row: (row.stream, row.sequence)),
        lacking(organization, chosen),
    )


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
    covers = Q(tables__last_day__gte=period.first) & (
        Q(tables__first_day=None) | Q(tables__first_day__lte=period.last)
    )
    whole, newest = [], {}
    for row in rows.filter(covers, is_used=True).distinct():
        if cursors[row.stream]:
            whole.append(row)
        else:
            newest[(row.stream, row.target)] = row
    chosen = [*whole, *newest.values()]
    places = {(row.stream, row.target) for row in chosen}
    refused = rows.filter(outcome=RunOutcome.REFUSED.value)
    silent = {(row.stream, row.target): row for row in refused if row.record_sha256}
    return chosen + [row for place, row in silent.items() if place not in places]


def _read(
    organization: Organization, rows: Iterable[CollectionRecord], lacks: tuple[Lacking, ...]
) -> Gathered:
    collections: list[tuple[Collection, str]] = []
    stores: dict[str, BlobStore] = {}
    for row in rows:
        store = collection_folder(organization.log, row.stream, row.sequence).blobs
        with store.open(row.record_sha256) as file:
            collection = Collection.from_record(json.load(file))
        collections.append((collection, row.record_sha256))
        stores |= {answer.blob: store for answer in collection.answers if answer.blob}
        stores[row.record_sha256] = store
    return Gathered(tuple(collections), stores, lacks)
