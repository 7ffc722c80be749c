"""jira/incidents and jira/changes: tickets that are one or the other, by the settings."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from reperform.connectors.answer import Answer, Kept
from reperform.connectors.jira.site import Site
from reperform.connectors.kept import moment
from reperform.connectors.said import Said, objects, of
from reperform.connectors.tickets import Move, Ticket

NEEDS = ("Browse projects",)
BLIND = (
    "projects and tickets that the account may not browse, of which Jira says nothing; tickets "
    "that were deleted; what a status means beyond what the settings say"
)
_TICKETS, _MOVES = "tickets", "moves of "


def ask(site: Site, jql: str, *, since: date | None, last: date) -> Iterator[Answer]:
    """Yield all that a query finds since a day, each with its moves."""
    said = {"first": str(since)} if since else {}
    yield site.api.observed(last=str(last), **said)
    yield from site.tickets(_TICKETS, jql, since)


def tickets(found: Said) -> Iterator[tuple[Kept, Ticket]]:
    """Yield each ticket once."""
    for kept, one in found.once(_TICKETS, "id", "issues"):
        yield kept, _ticket(found, one)


def _ticket(found: Said, one: Mapping[str, Any]) -> Ticket:
    fields, facts = one["fields"], found.facts
    severity = fields.get(facts.get("severity_field") or "")
    labels = fields.get("labels")
    return Ticket(
        key=str(one["key"]),
        title=fields.get("summary"),
        opened_at=moment(fields["created"]),
        author_uid=str(of(fields, "reporter", "accountId") or ""),
        author=_who(fields.get("reporter")),
        assignee=_who(fields.get("assignee")),
        status=str(fields["status"]["name"]),
        severity=of(severity, "name") or of(severity, "value") or severity,
        detected_at=moment(fields.get(facts.get("detected_field") or "")),
        labels=frozenset(map(str, labels if isinstance(labels, list) else [])),
        moves=_moves(found, f"{_MOVES}{one['id']}"),
    )


def _who(user: object) -> object:
    return of(user, "emailAddress") or of(user, "displayName") or of(user, "accountId")


def _moves(found: Said, name: str) -> tuple[Move, ...] | None:
    if not found.has(name):
        return None
    moves = [
        Move(
            str(moment(entry["created"])),
            str(item.get("toString")),
            str(of(entry, "author", "accountId") or ""),
            _text(_who(entry.get("author"))),
        )
        for _, entry in found.once(name, "id", "values")
        for item in objects(entry["items"])
        if item.get("fieldId", item.get("field")) == "status"
    ]
    return tuple(sorted(moves, key=lambda move: move.at))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
