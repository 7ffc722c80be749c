"""okta/log: the system log: who signed in, whose access was changed, what else was done."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Api, Request
from reperform.connectors.contract import Asking
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of

SIGN_INS = POPULATIONS["population.sign_ins"]
GRANTS = POPULATIONS["population.access_grants"]
ACTIVITY = POPULATIONS["population.api_activity"]
TABLES = (SIGN_INS, GRANTS, ACTIVITY)
NEEDS = ("okta.logs.read",)
BLIND = (
    "what happened more than 90 days before the collection, which Okta forgets; what an "
    "application does by itself after Okta let somebody in; whether a second factor was given "
    "before a session that no event of the same days ties to it"
)
KEPT_DAYS = 90
_LATE = timedelta(minutes=30)
"""How long Okta may take until the log tells of what happened."""
_LOG = "log of "
_SESSION, _FACTOR = "user.session.start", "user.authentication.auth_via_mfa"
_ACTIONS = {
    "user.lifecycle.create": "created",
    "user.lifecycle.activate": "granted",
    "user.lifecycle.reactivate": "granted",
    "user.lifecycle.unsuspend": "granted",
    "user.lifecycle.suspend": "revoked",
    "user.lifecycle.deactivate": "revoked",
    "user.lifecycle.delete.completed": "deleted",
    "user.account.privilege.grant": "granted",
    "user.account.privilege.revoke": "revoked",
    "user.account.reset_password": "changed",
    "user.mfa.factor.deactivate": "changed",
    "user.mfa.factor.reset_all": "changed",
    "user.session.impersonation.grant": "granted",
    "user.session.impersonation.revoke": "revoked",
    "group.lifecycle.create": "created",
    "group.lifecycle.delete": "deleted",
    "group.privilege.grant": "granted",
    "group.privilege.revoke": "revoked",
    "group.user_membership.add": "granted",
    "group.user_membership.remove": "revoked",
    "group.application_assignment.add": "granted",
    "group.application_assignment.remove": "revoked",
    "application.user_membership.add": "granted",
    "application.user_membership.remove": "revoked",
    "iam.resourceset.bindings.add": "granted",
    "iam.resourceset.bindings.delete": "revoked",
    "system.api_token.create": "created",
    "system.api_token.revoke": "revoked",
}
_PRIVILEGE = ("user.account.privilege.", "group.privilege.", "user.session.impersonation.")
"""What makes one powerful: roles, and the access of Okta's own support."""
_WHOSE = {"User": 0, "UserGroup": 1, "AppUser": 2, "Token": 3}
"""Whose access an event changes: the first of these among its targets."""
_TAKEN = "ROLE_UNASSIGNED"
"""Okta tells of a role that is taken away as of one that is granted, with this mark."""
_MARKS = ("ROLE_ASSIGNED", _TAKEN)
_REMAINING = "privilegeGranted"
"""What somebody has after the change: told where no role is."""
_NO_SECOND = ("password", "question", "email")


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, as far back as Okta remembers."""
    return days.spans(asking, cursor, late=_LATE, kept_days=KEPT_DAYS)


def ask(org: Api, *, first: date, last: date) -> Iterator[Answer]:
    """Yield each day's log, from its first event to its last."""
    yield org.observed(first=str(first), last=str(last))
    for day in days.each_day(first, last):
        query = {
            "since": f"{day}T00:00:00.000Z",
            "until": f"{day + days.DAY}T00:00:00.000Z",
            "sortOrder": "ASCENDING",
            "limit": "1000",
        }
        request = Request("api/v1/logs", tuple(query.items()))
        yield from org.listed(f"{_LOG}{day}", request, inside=())


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each event once, in the table that is about its kind."""
    found = Said(answers)
    seen: set[str] = set()
    factored = _sessions_with_factor(found)
    for day in found.names(_LOG):
        for kept, event in found.once(f"{_LOG}{day}", "uuid"):
            uid = str(event["uuid"])
            if uid in seen:
                continue
            seen.add(uid)
            yield _row(found, kept, event, factored)


def _sessions_with_factor(found: Said) -> set[str]:
    """Return the sessions in which a second factor was given."""
    sessions = set()
    for day in found.names(_LOG):
        for _, event in found.each(f"{_LOG}{day}"):
            if event.get("eventType") == _FACTOR and _is_second(event) and _is_success(event):
                sessions.add(_session(event))
    return sessions - {""}


def _is_second(event: Mapping[str, Any]) -> bool:
    """Return whether what was given is no password, question or e-mail; no when nobody says."""
    told = of(event, "debugContext", "debugData")
    factor = of(told, "factor") or of(told, "factorType")
    return isinstance(factor, str) and not any(word in factor.lower() for word in _NO_SECOND)


def _session(event: Mapping[str, Any]) -> str:
    found = of(event, "authenticationContext", "externalSessionId")
    return found if isinstance(found, str) and found.lower() != "unknown" else ""


def _row(found: Said, kept: Kept, event: Mapping[str, Any], factored: set[str]) -> Row:
    kind = str(event["eventType"])
    told = {
        "event_uid": said(event["uuid"]),
        "occurred_at": moment(event["published"]),
        "is_success": _is_success(event),
    }
    actor = {
        "account": said(of(event, "actor", "alternateId")),
        "account_uid": said(of(event, "actor", "id")),
    }
    address = said(of(event, "client", "ipAddress"))
    if kind == _SESSION:
        return found.event(
            SIGN_INS.name,
            kept,
            **told,
            **actor,
            is_root=False,
            is_mfa=True if _session(event) in factored else None,
            reason=None if told["is_success"] else said(of(event, "outcome", "reason")),
            method=said(of(event, "authenticationContext", "credentialType")),
            source_ip=address,
        )
    if kind in _ACTIONS:
        return found.event(GRANTS.name, kept, **told, **_grant(event, kind))
    targets = [str(each.get("displayName")) for each in objects(event.get("target"))]
    return found.event(
        ACTIVITY.name,
        kept,
        **told,
        **actor,
        service=said(kind.partition(".")[0]),
        operation=said(kind),
        account_kind=said(of(event, "actor", "type")),
        error=None if told["is_success"] else said(of(event, "outcome", "reason")),
        resource=said(", ".join(targets)),
        source_ip=address,
        agent=said(of(event, "client", "userAgent", "rawUserAgent")),
    )


def _is_success(event: Mapping[str, Any]) -> bool | None:
    result = of(event, "outcome", "result")
    return {"SUCCESS": True, "ALLOW": True, "FAILURE": False, "DENY": False}.get(str(result))


def _grant(event: Mapping[str, Any], kind: str) -> dict[str, Any]:
    targets = objects(event.get("target"))
    kinds = {str(each.get("type")) for each in targets}
    named = [each for each in targets if each.get("type") not in _MARKS]
    ranked = sorted(named, key=lambda each: _WHOSE.get(str(each.get("type")), len(_WHOSE)))
    whose, others = (ranked[0] if ranked else {}), ranked[1:]
    names = ", ".join(str(each.get("displayName")) for each in others)
    name = whose.get("alternateId" if whose.get("type") == "User" else "displayName")
    return {
        "action": "revoked" if _TAKEN in kinds else _ACTIONS[kind],
        "operation": kind,
        "by_account": said(of(event, "actor", "alternateId")),
        "account": said(name),
        "privilege": said(names) or said(of(event, "debugContext", "debugData", _REMAINING)),
        "is_privileged": True if kind.startswith(_PRIVILEGE) else None,
    }


def covers(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless one was refused."""
    return days.covers_days(answers, {table.name: ("",) for table in TABLES})
