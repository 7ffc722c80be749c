"""Days that have passed and of which a connection in use brought no evidence."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.base.table import Kind as TableKind
from reperform.connectors.registry import installed
from reperform.evidence.models import CollectedTable
from reperform.noticing.notice import Kind, Noticed, Topic, begin
from reperform.program.queries import current_scope
from reperform.testing.coverage import gaps

_TODO = (
    "collect those days if the source still has them, or bring evidence of them by hand; else tell"
    " the auditor before they ask"
)
_DAYS = ("first_day", "last_day", "missing", "is_whole")
_OF = ("connection__number", "connection__title", "connection__connector", "table")
_Place = tuple[int, str, str, str]


def holes(organization: Organization, at: datetime) -> Iterator[Noticed]:
    """Yield each run of days between the first that counts and the last that is evidenced.

    Events only: a state says something of its own day, and of no other.  What follows the last
    evidenced day is no hole yet: a silent connection is noticed as such.  The first day that counts
    is that of the scope's period, and the first evidenced one where none is decided.
    """
    decided = current_scope(organization).document.period
    for place, covers in _covers(organization).items():
        number, title, _, table = place
        reached = [each.last for each in covers if each.last and each.is_whole]
        begun = [each.first for each in covers if each.first and each.last]
        first = decided.first if decided else min(begun, default=None)
        last = min(max(reached, default=date.min), decided.last if decided else at.date())
        if first is None or last < first:
            continue
        for gap in gaps(table, Period(first, last), covers):
            days = f"on {gap.first}" if gap.days == 1 else f"from {gap.first} to {gap.last}"
            yield Noticed(
                kind=Kind.HOLE,
                topic=Topic.CONNECTIONS,
                subject=f"CON-{number} {table}",
                title=title,
                since=begin(gap.first),
                text=f"{table} has no evidence {days}: {gap.reason}"[:600],
                todo=_TODO,
                page="connection",
                key=str(number),
            )


def _covers(organization: Organization) -> Mapping[_Place, list[Cover]]:
    """Return what the collections of connections in use vouch for, each kind of answer once."""
    events = _tables_of_events()
    rows = CollectedTable.objects.filter(
        connection__organization=organization, connection__retired_on=None
    )
    found: dict[_Place, list[Cover]] = {}
    named = (*_OF, *_DAYS, "collection__stream", "collection__target")
    for *place, first, last, missing, is_whole, stream, target in (
        rows.order_by("connection__number", "table", "last_day").values_list(*named).distinct()
    ):
        number, title, connector, table = place
        if table in events.get(connector, ()):
            cover = Cover(first, last, missing, f"{stream} {target}", is_whole)
            found.setdefault((number, title, connector, table), []).append(cover)
    return found


def _tables_of_events() -> Mapping[str, frozenset[str]]:
    """Return which tables of each installed connector hold events."""
    return {
        name: frozenset(
            table.name
            for stream in connector.streams
            for table in stream.source.tables
            if table.kind is TableKind.EVENTS
        )
        for name, connector in installed().connectors.items()
    }
