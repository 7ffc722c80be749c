"""linear/incidents and linear/changes: tickets that are one or the other, by their labels."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from reperform.connectors.answer import Answer, Kept
from reperform.connectors.kept import moment
from reperform.connectors.linear.workspace import HISTORY, TICKETS, Workspace
from reperform.connectors.said import Said, objects, of
from reperform.connectors.tickets import Move, Ticket

NEEDS = ("Read",)
BLIND = (
    "tickets of teams that the key may not see, of which Linear says nothing; tickets that were "
    "deleted, or lost their label; what a status means beyond what the settings say"
)
_FOUND, _MOVES = "tickets", "moves of "


def ask(
    linear: Workspace, labels: Sequence[str], *, since: date | None, last: date
) -> Iterator[Answer]:
    """Yield all that has one of the labels since a day, each with its moves."""
    said = {"first": str(since)} if since else {}
    yield linear.api.observed(last=str(last), **said)
    yield from linear.tickets(_FOUND, labels, since)


def tickets(found: Said) -> Iterator[tuple[Kept, Ticket]]:
    """Yield each ticket once."""
    for kept, one in found.once(_FOUND, "id", *TICKETS, "nodes"):
        yield kept, _ticket(found, one)


def _ticket(found: Said, one: Mapping[str, Any]) -> Ticket:
    is_severity = found.facts.get("is_priority_severity") is True
    labels = objects(of(one, "labels", "nodes"))
    return Ticket(
        key=str(one["identifier"]),
        title=one.get("title"),
        opened_at=moment(one["createdAt"]),
        author_uid=str(of(one, "creator", "id") or ""),
        author=_who(one.get("creator")),
        assignee=_who(one.get("assignee")),
        status=str(one["state"]["name"]),
        severity=one.get("priorityLabel") if is_severity else None,
        detected_at=None,
        labels=frozenset(str(each.get("name")) for each in labels),
        moves=_moves(found, f"{_MOVES}{one['id']}"),
    )


def _who(user: object) -> str | None:
    found = of(user, "email") or of(user, "name")
    return found if isinstance(found, str) else None


def _moves(found: Said, name: str) -> tuple[Move, ...] | None:
    if not found.has(name):
        return None
    moves = [
        Move(
            str(moment(entry["createdAt"])),
            str(entry["toState"]["name"]),
            str(of(entry, "actor", "id") or ""),
            _who(entry.get("actor")),
        )
        for _, entry in found.once(name, "id", *HISTORY, "nodes")
        if entry["toState"] is not None
    ]
    return tuple(sorted(moves, key=lambda move: move.at))
