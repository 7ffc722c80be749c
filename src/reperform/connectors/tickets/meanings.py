"""What statuses and labels mean, and what a ticket is by them."""

from collections.abc import Mapping, Sequence
from typing import Any

from reperform.connectors.kept import said
from reperform.connectors.tickets.settings import OPEN
from reperform.connectors.tickets.ticket import Move, Ticket


class Meanings:
    """What statuses and labels mean, as it was said when the tickets were asked for."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._said = facts

    def incident(self, ticket: Ticket) -> dict[str, Any]:
        """Return the values of a row of `population.incidents`."""
        resolved = self._named("resolved")
        is_over = ticket.status.casefold() in resolved
        return {
            "occurred_at": ticket.opened_at,
            "incident_uid": said(ticket.key),
            "title": said(ticket.title),
            "severity": _lower(ticket.severity),
            "is_security": self._labeled(ticket, "security_labels"),
            "detected_at": ticket.detected_at,
            "acknowledged_at": _first(ticket.moves, self._named("acknowledged")),
            "resolved_at": _came(ticket.moves, resolved) if is_over else None,
            "status": said(ticket.status),
            "assignee": said(ticket.assignee),
        }

    def change(self, ticket: Ticket) -> dict[str, Any] | None:
        """Return the values of a row of `population.changes`; None when it is not in effect."""
        applied, approved = self._named("applied"), self._named("approved")
        if ticket.status.casefold() not in applied:
            return None
        at = _came(ticket.moves, applied)
        mover = next((move for move in ticket.moves or () if move.at == at and at), None)
        approval = _approval(ticket, approved, applied, at) if at else None
        is_known = bool(approved) and at is not None
        is_other = approval is not None and approval.by_uid not in ("", ticket.author_uid)
        kind = self._said.get("change_kind")
        return {
            "occurred_at": at,
            "change_uid": said(ticket.key),
            "title": said(ticket.title),
            "kind": None if kind == OPEN else said(kind),
            "author": said(ticket.author),
            "opened_at": ticket.opened_at,
            "approvals": int(is_other) if is_known else None,
            "approved_by": said(approval.by) if approval and is_other else None,
            "approved_at": approval.at if approval and is_other else None,
            "applied_by": said(mover.by) if mover else None,
            "ticket": said(ticket.key),
            "is_emergency": self._labeled(ticket, "emergency_labels"),
        }

    def _named(self, name: str) -> frozenset[str]:
        found = self._said.get(name)
        return frozenset(str(one).casefold() for one in (found if isinstance(found, list) else []))

    def _labeled(self, ticket: Ticket, name: str) -> bool | None:
        named = self._named(name)
        return any(label.casefold() in named for label in ticket.labels) if named else None


def _lower(value: object) -> str | None:
    return said(value.lower()) if isinstance(value, str) else None


def _first(moves: Sequence[Move] | None, states: frozenset[str]) -> str | None:
    """Return when a ticket first came into one of the statuses."""
    return next((move.at for move in moves or () if move.to.casefold() in states), None)


def _came(moves: Sequence[Move] | None, states: frozenset[str]) -> str | None:
    """Return when a ticket came into one of the statuses that it is in now, from another one.

    None when its moves are not told, and when it was never moved: it began there.
    """
    at = None
    for move in moves or ():
        is_there = move.to.casefold() in states
        at = (at or move.at) if is_there else None
    return at


def _approval(
    ticket: Ticket, approved: frozenset[str], applied: frozenset[str], at: str
) -> Move | None:
    """Return the approval that stood when the change came into effect: nothing took it back."""
    found: Move | None = None
    for move in ticket.moves or ():
        to = move.to.casefold()
        if move.at > at or to in applied:
            continue
        found = (found or move) if to in approved else None
    return found
