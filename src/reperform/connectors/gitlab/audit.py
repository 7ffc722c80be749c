"""gitlab/audit: the audit events of the group and of each project."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.gitlab.lab import Lab
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, of

GRANTS = POPULATIONS["population.access_grants"]
ACTIVITY = POPULATIONS["population.api_activity"]
TABLES = (GRANTS, ACTIVITY)
NEEDS = ("read_api", "Owner")
BLIND = (
    "events of the free edition, which keeps none; sign-ins, and what members do in other groups; "
    "events of projects that were deleted"
)
_LATE = timedelta(minutes=30)
_OF = "audit events of "
_ACCESS = "user_access"
_POWERFUL = ("maintainer", "owner")


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_LATE)


def ask(lab: Lab, *, first: date, last: date) -> Iterator[Answer]:
    """Yield the events of these days, by keyset: a page that moves loses nothing."""
    yield lab.api.observed(first=str(first), last=str(last))
    places = [(lab.group, lab.base)]
    for answer, projects in lab.projects():
        places += [(str(one["id"]), f"projects/{int(one['id'])}") for one in projects]
        yield answer
    query = {
        "created_after": f"{first}T00:00:00Z",
        "created_before": f"{last + days.DAY}T00:00:00Z",
        "pagination": "keyset",
    }
    for name, base in places:
        yield from lab.listed(f"{_OF}{name}", f"{base}/audit_events", *query.items())


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each change of access, and each other event, once."""
    found = Said(answers)
    seen: set[str] = set()
    for name in found.names(_OF):
        for kept, one in found.each(f"{_OF}{name}"):
            uid, at = str(one["id"]), moment(one["created_at"])
            if uid not in seen and days.is_asked(found.facts, at):
                seen.add(uid)
                yield _row(found, kept, one, {"event_uid": uid, "occurred_at": at})


def _row(found: Said, kept: Kept, one: dict[str, Any], told: dict[str, Any]) -> Row:
    details = one["details"]
    by, target = said(of(details, "author_name")), said(of(details, "target_details"))
    place = said(of(details, "entity_path"))
    action = _action(details)
    if action:
        role = of(details, "as") or of(details, "to")
        is_role = isinstance(role, str)
        return found.event(
            GRANTS.name,
            kept,
            **told,
            action=action,
            operation=said(one.get("event_name")) or said(action),
            by_account=by,
            account=target,
            privilege=said(role),
            resource=place,
            is_privileged=str(role).lower() in _POWERFUL if is_role else None,
            is_success=True,
        )
    return found.event(
        ACTIVITY.name,
        kept,
        **told,
        service=said(one.get("entity_type")),
        operation=said(one.get("event_name")) or said(of(details, "custom_message")),
        account=by,
        account_uid=said(str(one["author_id"])),
        is_success=True,
        resource=target or place,
        source_ip=said(of(details, "ip_address")),
    )


def _action(details: object) -> str | None:
    """Return what an event does to somebody's access; None when it is about something else."""
    if of(details, "add") == _ACCESS:
        return "granted"
    if of(details, "remove") == _ACCESS:
        return "revoked"
    return "changed" if of(details, "change") == "access_level" else None


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless something was refused."""
    return days.covers_days(answers, {table.name: ("",) for table in TABLES})
