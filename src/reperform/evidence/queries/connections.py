"""Questions about connections and their runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.base.table import Cover
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.models import CollectedTable, CollectionRecord, Connection, Run


def connection_row(organization: Organization, number: int) -> Connection | None:
    """Return one connection; None when the organization has none of that number."""
    return Connection.objects.filter(organization=organization, number=number).first()


def connection_fields(row: Connection) -> ConnectionFields:
    """Return what is said of a connection, without its secrets."""
    return ConnectionFields(row.title, row.settings, {}, row.since)


@dataclass(frozen=True, slots=True)
class Listed:
    """A connection as a list shows it, with its newest run; None when it never ran."""

    connection: Connection
    run: Run | None


def connections(organization: Organization, *, with_retired: bool = True) -> list[Listed]:
    """Return the connections by number, those in use first; in two queries."""
    newest = Run.objects.filter(connection=OuterRef("pk")).order_by("-number").values("pk")[:1]
    found = Connection.objects.filter(organization=organization).order_by("number")
    found = found.select_related("organization")
    if not with_retired:
        found = found.filter(retired_on=None)
    rows = list(found.annotate(newest_run=Subquery(newest)))
    ran = Run.objects.in_bulk([each.newest_run for each in rows if each.newest_run])
    listed = [Listed(each, ran.get(each.newest_run)) for each in rows]
    return sorted(listed, key=lambda each: each.connection.retired_on is not None)


def runs(connection: Connection) -> QuerySet[Run]:
    """Return the runs of a connection, newest first."""
    return Run.objects.filter(connection=connection).order_by("-number")


def collections_of(run: Run) -> list[CollectionRecord]:
    """Return what a run asked, in order, with the tables that came of it."""
    found = CollectionRecord.objects.filter(run=run).order_by("pk")
    return list(found.prefetch_related("tables"))


def cursors(connection: Connection) -> dict[tuple[str, str], str]:
    """Return where each stream and target of a connection goes on, as far as it ever ended."""
    moved = CollectionRecord.objects.filter(connection=connection, is_used=True).exclude(cursor="")
    later = moved.filter(stream=OuterRef("stream"), target=OuterRef("target"))
    newest = later.order_by("-sequence").values("sequence")[:1]
    found = moved.filter(sequence=Subquery(newest))
    return {
        (stream, target): cursor
        for stream, target, cursor in found.values_list("stream", "target", "cursor")
    }


def covers(connection: Connection) -> Mapping[str, list[Cover]]:
    """Return, for each table of a connection, the days that each of its collections vouches for."""
    rows = CollectedTable.objects.filter(connection=connection).order_by("collection__sequence")
    found: dict[str, list[Cover]] = {}
    days = ("first_day", "last_day", "missing", "is_whole")
    for table, first, last, missing, is_whole, stream, target in rows.values_list(
        "table", *days, "collection__stream", "collection__target"
    ):
        cover = Cover(first, last, missing, f"{stream} {target}", is_whole)
        found.setdefault(table, []).append(cover)
    return found


def run_row(connection: Connection, number: int) -> Run | None:
    """Return one run of a connection; None when it has none of that number."""
    return Run.objects.filter(connection=connection, number=number).first()


def connection_rows(organization: Organization) -> QuerySet[Connection]:
    """Return every connection of an organization by number."""
    return Connection.objects.filter(organization=organization).order_by("number")
