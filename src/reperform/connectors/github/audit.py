"""github/audit: the audit log of the organization: changes of access, and all else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.github.hub import Hub
from reperform.connectors.kept import said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said

GRANTS = POPULATIONS["population.access_grants"]
ACTIVITY = POPULATIONS["population.api_activity"]
TABLES = (GRANTS, ACTIVITY)
NEEDS = ("Organization administration: read",)
BLIND = (
    "what happened with Git itself, which the log keeps for seven days only; events of editions "
    "without an audit log; what happened more than 180 days before the first collection; sign-ins"
)
_LATE = timedelta(hours=1)
_KEPT_DAYS = 180
_EVENTS = "audit log"
_MOST_MILLISECONDS = 253_402_300_799_000
_ACTIONS: Mapping[str, str] = {
    "org.add_member": "granted",
    "org.remove_member": "revoked",
    "org.update_member": "changed",
    "org.add_outside_collaborator": "granted",
    "org.remove_outside_collaborator": "revoked",
    "org.block_user": "revoked",
    "team.create": "created",
    "team.destroy": "deleted",
    "team.add_member": "granted",
    "team.remove_member": "revoked",
    "team.promote_maintainer": "granted",
    "team.demote_maintainer": "revoked",
    "team.add_repository": "granted",
    "team.remove_repository": "revoked",
    "team.update_repository_permission": "changed",
    "repo.add_member": "granted",
    "repo.remove_member": "revoked",
    "repo.update_member": "changed",
    "organization_role.assign": "granted",
    "organization_role.revoke": "revoked",
    "public_key.create": "granted",
    "public_key.delete": "revoked",
    "integration_installation.create": "granted",
    "integration_installation.destroy": "revoked",
    "personal_access_token.access_granted": "granted",
    "personal_access_token.access_revoked": "revoked",
    "org_credential_authorization.grant": "granted",
    "org_credential_authorization.revoke": "revoked",
}
"""Source: GitHub documentation, "Audit log events for your organization"."""
_POWERS: Mapping[str, bool] = {
    "admin": True,
    "owner": True,
    "maintain": False,
    "write": False,
    "push": False,
    "triage": False,
    "read": False,
    "pull": False,
}


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, a week at a time."""
    return days.spans(asking, cursor, late=_LATE, kept_days=_KEPT_DAYS)


def ask(hub: Hub, *, first: date, last: date) -> Iterator[Answer]:
    """Yield the events of these days, the oldest first, by a cursor."""
    yield hub.observed(first=str(first), last=str(last))
    query = {"phrase": f"created:{first}..{last}", "include": "web", "order": "asc"}
    yield from hub.listed(_EVENTS, f"orgs/{hub.owner}/audit-log", query=query)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each change of access, and each other event, once."""
    found = Said(answers)
    for kept, one in found.once(_EVENTS, "_document_id"):
        at = _moment(one.get("@timestamp"))
        if days.is_asked(found.facts, at):
            told = {"event_uid": said(one.get("_document_id")), "occurred_at": at}
            yield _row(found, kept, one, told)


def _row(found: Said, kept: Kept, one: dict[str, Any], told: dict[str, Any]) -> Row:
    operation = str(one["action"])
    place = said(one.get("repo")) or said(one.get("team"))
    action = _ACTIONS.get(operation)
    if action:
        right = said(one.get("permission")) or said(one.get("role_name"))
        subject = one.get("user") or one.get("team") or one.get("name") or one.get("title")
        return found.event(
            GRANTS.name,
            kept,
            **told,
            action=action,
            operation=said(operation),
            by_account=said(one.get("actor")),
            account=said(subject),
            privilege=right or said(operation.partition(".")[0]),
            resource=place,
            is_privileged=_POWERS.get(str(right).lower()),
            is_success=True,
        )
    number = one.get("actor_id")
    is_read = one.get("operation_type") == "access" if "operation_type" in one else None
    return found.event(
        ACTIVITY.name,
        kept,
        **told,
        service=said(operation.partition(".")[0]),
        operation=said(operation),
        account=said(one.get("actor")),
        account_uid=str(number) if isinstance(number, int) else None,
        is_read_only=is_read,
        is_success=True,
        resource=place,
        source_ip=said(one.get("actor_ip")),
        agent=said(one.get("user_agent")),
    )


def _moment(milliseconds: object) -> str | None:
    """Return milliseconds since 1970 as a timestamp; None when they are not."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int):
        return None
    if not 0 < milliseconds <= _MOST_MILLISECONDS:
        return None
    return datetime.fromtimestamp(milliseconds / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless the log was refused."""
    return days.covers_days(answers, {table.name: ("",) for table in TABLES})
