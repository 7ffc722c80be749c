"""What connections in use should have brought, and did not."""

from collections.abc import Iterable, Iterator

from django.db.models import OuterRef, Subquery

from reperform.accounts.models import Organization
from reperform.evidence.lacking import Lacking
from reperform.evidence.models import CollectionRecord, Connection
from reperform.evidence.outcome import RunOutcome
from reperform.evidence.queries.access import connector_of

_UNFINISHED = ("", RunOutcome.ABANDONED.value)
_NEVER = "never collected"
_NOT_OF_THESE_DAYS = "what it brought says nothing of these days"


def lacking(organization: Organization, chosen: Iterable[CollectionRecord]) -> tuple[Lacking, ...]:
    """Return what connections in use did not bring, by connection and stream; in three queries.

    A stream that the newest run did not ask, although it came to its end, is not asked by the
    connection's settings: it is not lacking.

    Args:
        organization: whose connections.
        chosen: the collections that say something of the period, or why they do not.

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
    return tuple(found)


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
