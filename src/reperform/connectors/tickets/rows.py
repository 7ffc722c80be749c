"""Rows of incidents and changes out of tickets."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Kept, Row, Source
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of
from reperform.connectors.tickets.meanings import Meanings
from reperform.connectors.tickets.ticket import Ticket

INCIDENTS, CHANGES = POPULATIONS["population.incidents"], POPULATIONS["population.changes"]
Tickets = Callable[[Said], Iterator[tuple[Kept, Ticket]]]
"""Reads the tickets out of what a tracker said, each with the answer that holds it."""


def sources(tracker: str, tickets: Tickets, *, blind: str) -> tuple[Source, Source]:
    """Return the streams `TRACKER/incidents` and `TRACKER/changes`."""
    return (
        Source(
            f"{tracker}/incidents",
            (INCIDENTS,),
            partial(_incidents, tickets),
            lambda answers, _: days.covers_history(answers, [INCIDENTS.name]),
            blind,
        ),
        Source(
            f"{tracker}/changes",
            (CHANGES,),
            partial(_changes, tickets),
            _covers_changes,
            blind,
        ),
    )


def _incidents(tickets: Tickets, answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each incident that was written on the days asked for."""
    found = Said(answers)
    told = Meanings(found.facts.get("meanings") or {})
    for kept, ticket in tickets(found):
        row = told.incident(ticket)
        if _is_asked(found, row["occurred_at"]):
            yield found.event(INCIDENTS.name, kept, **row)


def _changes(tickets: Tickets, answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each change that came into effect on the days asked for."""
    found = Said(answers)
    told = Meanings(found.facts.get("meanings") or {})
    for kept, ticket in tickets(found):
        row = told.change(ticket)
        if row and _is_asked(found, row["occurred_at"]):
            yield found.event(CHANGES.name, kept, **row)


def _is_asked(found: Said, at: str | None) -> bool:
    """Return whether a moment is on the days that were asked for, or cannot be read."""
    return days.is_asked({"first": "", **found.facts}, at)


def _covers_changes(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days asked for; none where no status says that a change is in effect."""
    if of(Said(answers).facts, "meanings", "applied"):
        return days.covers_history(answers, [CHANGES.name])
    said_so = "no status says that a change is in effect: name one in the connection's settings"
    return {CHANGES.name: Cover(None, None, said_so)}
