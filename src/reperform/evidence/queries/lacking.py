"""What connections should have brought, and did not."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db.models import OuterRef, Subquery

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.connectors.registry import installed
from reperform.evidence.lacking import Lacking
from reperform.evidence.models import CollectionRecord, Connection
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.access import connector_of

_UNFINISHED = ("", RunOutcome.ABANDONED.value)
_NEVER = "never collected"
_NOT_OF_THESE_DAYS = "what it brought says nothing of these days"


def lacking(
    organization: Organization, chosen: Iterable[CollectionRecord], period: Period
) -> tuple[Lacking, ...]:
    """Return what connections did not bring, by connection and stream; in five queries.

    A stream that the newest run did not ask, although it came to its end, is not asked by the
    connection's settings: it is not lacking.  A connection that was retired on a day of the period
    or later, and of which nothing at all says anything of the period, is said with each stream.

    Args:
        organization: whose connections.
        chosen: the collections that say something of the period, or why they do not.
        period: the days that evidence must cover.

    Raises:
        ConnectorMissingError: the connector of one is not installed any more.
    """
    found: list[Lacking] = []
    places: set[tuple[str, str]] = set()
    streams: dict[int, set[str]] = {}
    for row in chosen:
        places.add((row.stream, row.target))
        streams.setdefault(row.connection_id, set()).add(row.stream)
    connections = Connection.objects.filter(organization=organization, retired_on=None)
    asked = _newest(organization)
    for connection in connections.order_by("number"):
        rows = asked.get(connection.pk, [])
        found += _silent(connection, rows, places)
        if not rows or rows[0].run.outcome in _UNFINISHED:
            known = {row.stream for row in rows} | streams.get(connection.pk, set())
            found += _never(connection, known)
    found += _retired(organization, streams, period)
    return tuple(found)


def _retired(
    organization: Organization, chosen: Mapping[int, Collection[str]], period: Period
) -> Iterator[Lacking]:
    """Yield the streams of retired connections of which nothing says anything of the period."""
    rows = CollectionRecord.objects.filter(
        organization=organization, ended_at__isnull=False, connection__retired_on__isnull=False
    )
    asked: dict[int, set[str]] = {}
    for pk, stream in rows.order_by().values_list("connection", "stream").distinct():
        asked.setdefault(pk, set()).add(stream)
    retired = Connection.objects.filter(organization=organization, retired_on__gte=period.first)
    for connection in retired.order_by("number"):
        tables = _tables(connection)
        known = asked.get(connection.pk)
        said = _NOT_OF_THESE_DAYS if known else _NEVER
        on, why = f"{connection.retired_on}", connection.retired_reason.splitlines()[0]
        reason = f"{_named(connection)}: {said}; retired on {on}: {why}"
        for stream in sorted((known or set(tables)) - set(chosen.get(connection.pk, ()))):
            fills = tables.get(stream, ())
            yield Lacking(connection.number, stream, "", reason, retired_on=on, tables=fills)


def _tables(connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return stream -> tables; its name alone when the connector is not installed any more."""
    connector = installed().connectors.get(connection.connector)
    if connector is None:
        return {connection.connector: ()}
    return {
        each.name: tuple(sorted(spec.name for spec in each.source.tables))
        for each in connector.streams
    }


def _newest(organization: Organization) -> dict[int, list[CollectionRecord]]:
    """Return what the newest run of each connection asked, as far as that ended."""
    ended = CollectionRecord.objects.filter(organization=organization, ended_at__isnull=False)
    ended = ended.exclude(outcome=RunOutcome.ABANDONED.value)
    newest = ended.filter(connection=OuterRef("connection")).order_by("-pk").values("run")[:1]
    found: dict[int, list[CollectionRecord]] = {}
    for row in ended.filter(run=Subquery(newest)).select_related("run").order_by("pk"):
        found.setdefault(row.connection_id, []).append(row)
    return found


def _silent(
    connection: Connection, rows: Iterable[CollectionRecord], places: set[tuple[str, str]]
) -> Iterator[Lacking]:
    """Yield what was asked last, and of which nothing says anything of the period."""
    newest = {(row.stream, row.target): row for row in rows}
    for (stream, target), row in newest.items():
        if (stream, target) not in places:
            said = _NOT_OF_THESE_DAYS if row.is_used or not row.reason else row.reason
            reason = f"{_named(connection)}: {said.splitlines()[0]}"
            yield Lacking(connection.number, stream, target, reason)


def _never(connection: Connection, known: set[str]) -> Iterator[Lacking]:
    for each in connector_of(connection).streams:
        if each.name not in known:
            reason = f"{_named(connection)}: {_NEVER}"
            yield Lacking(connection.number, each.name, "", reason)


def _named(connection: Connection) -> str:
    return f"CON-{connection.number} {connection.title}"
