"""entra/sign-ins and entra/audit: who signed in; whose access was changed, and what else."""

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
NEEDS = ("AuditLog.Read.All", "Directory.Read.All")
_KEPT = (
    "what happened more than 30 days before the collection, and without a premium licence more "
    "than 7, which Entra ID forgets"
)
SIGN_INS_BLIND = f"{_KEPT}; sign-ins that are not interactive, and those of applications"
AUDIT_BLIND = f"{_KEPT}; what is changed in subscriptions and inside applications"
_PREMIUM_DAYS, _FREE_DAYS = 30, 7
_LATE = timedelta(hours=3)
"""How long Entra ID may take until its logs tell of what happened."""
_LICENCES, _SIGNED, _DONE = "licences", "sign-ins of ", "audit of "
_MFA_DONE = ("mfa requirement satisfied", "mfa completed")
_GRANTS = {
    "Add user": ("created", None),
    "Invite external user": ("created", None),
    "Restore user": ("granted", None),
    "Enable account": ("granted", None),
    "Disable account": ("revoked", None),
    "Delete user": ("deleted", None),
    "Hard Delete user": ("deleted", None),
    "Reset user password": ("changed", None),
    "Reset password (by admin)": ("changed", None),
    "Add group": ("created", None),
    "Delete group": ("deleted", None),
    "Add member to group": ("granted", None),
    "Remove member from group": ("revoked", None),
    "Add owner to": ("granted", None),
    "Remove owner from": ("revoked", None),
    "Add member to role": ("granted", True),
    "Remove member from role": ("revoked", True),
    "Add eligible member to role": ("granted", True),
    "Remove eligible member from role": ("revoked", True),
    "Add app role assignment": ("granted", None),
    "Remove app role assignment": ("revoked", None),
    "Add delegated permission grant": ("granted", None),
    "Remove delegated permission grant": ("revoked", None),
    "Consent to application": ("granted", None),
    "Add service principal credentials": ("changed", None),
    "Remove service principal credentials": ("changed", None),
}
"""Beginnings of the names of activities -> what they do, and whether it makes one powerful."""
_NAMED = ("Role.DisplayName", "Group.DisplayName", "AppRole.Value", "ServicePrincipal.DisplayName")


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, as far back as Entra ID remembers at best."""
    return days.spans(asking, cursor, late=_LATE, kept_days=_PREMIUM_DAYS)


def ask_sign_ins(graph: Api, *, first: date, last: date) -> Iterator[Answer]:
    """Yield the interactive sign-ins of each day."""
    yield graph.observed(first=str(first), last=str(last))
    yield from _daily(graph, _SIGNED, "auditLogs/signIns", "createdDateTime", (first, last))


def ask_audit(graph: Api, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what was changed on each day, and the licences, which say how far back that goes."""
    yield graph.observed(first=str(first), last=str(last))
    yield from graph.listed(_LICENCES, Request("subscribedSkus"), inside=("value",))
    yield from _daily(graph, _DONE, "auditLogs/directoryAudits", "activityDateTime", (first, last))


def _daily(
    graph: Api, name: str, path: str, column: str, span: tuple[date, date]
) -> Iterator[Answer]:
    for day in days.each_day(*span):
        said_so = f"{column} ge {day}T00:00:00Z and {column} le {day}T23:59:59.9999999Z"
        request = Request(path, (("$filter", said_so), ("$top", "1000")))
        yield from graph.listed(f"{name}{day}", request, inside=("value",))


def _events(found: Said, name: str) -> Iterator[tuple[Kept, dict[str, Any]]]:
    for day in found.names(name):
        yield from found.once(f"{name}{day}", "id", "value")


def shape_sign_ins(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each sign-in."""
    found = Said(answers)
    for kept, one in _events(found, _SIGNED):
        code = of(one, "status", "errorCode")
        is_success = code == 0 if isinstance(code, int) else None
        yield found.event(
            SIGN_INS.name,
            kept,
            event_uid=said(one["id"]),
            occurred_at=moment(one["createdDateTime"]),
            account=said(one.get("userPrincipalName")),
            account_uid=said(one.get("userId")),
            is_root=False,
            is_success=is_success,
            is_mfa=_is_mfa(one) if is_success else None,
            reason=None if is_success else said(of(one, "status", "failureReason")),
            method=said(one.get("clientAppUsed")),
            source_ip=said(one.get("ipAddress")),
        )


def _is_mfa(one: Mapping[str, Any]) -> bool | None:
    """Return whether a second factor was given, or had been in the session."""
    demanded = one.get("authenticationRequirement")
    if demanded in ("multiFactorAuthentication", "singleFactorAuthentication"):
        return bool(demanded == "multiFactorAuthentication")
    told = of(one, "status", "additionalDetails")
    is_done = isinstance(told, str) and any(words in told.lower() for words in _MFA_DONE)
    return True if is_done else None


def shape_audit(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each change of access, and each other change."""
    found = Said(answers)
    for kept, one in _events(found, _DONE):
        yield _done(found, kept, one)


def _done(found: Said, kept: Kept, one: Mapping[str, Any]) -> Row:
    name = str(one["activityDisplayName"])
    result = one.get("result")
    is_success = result == "success" if result in ("success", "failure", "timeout") else None
    told = {
        "event_uid": said(one["id"]),
        "occurred_at": moment(one["activityDateTime"]),
        "operation": said(name),
        "is_success": is_success,
    }
    user, app = of(one, "initiatedBy", "user"), of(one, "initiatedBy", "app")
    by = said(of(user, "userPrincipalName")) or said(of(app, "displayName"))
    targets = objects(one.get("targetResources"))
    kind = next((begin for begin in _GRANTS if name.startswith(begin)), "")
    if kind:
        action, is_privileged = _GRANTS[kind]
        return found.event(
            GRANTS.name,
            kept,
            **told,
            action=action,
            is_privileged=is_privileged,
            by_account=by,
            **_grant(targets),
        )
    return found.event(
        ACTIVITY.name,
        kept,
        **told,
        service=said(one.get("category")),
        account=by,
        account_uid=said(of(user, "id")),
        account_kind="user" if of(user, "id") else "application" if app else None,
        error=None if is_success else said(one.get("resultReason")),
        resource=said(", ".join(str(each.get("displayName")) for each in targets)),
        source_ip=said(of(user, "ipAddress")),
    )


def _grant(targets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return whose access changes and to what: the first target, and what its properties name."""
    whose = next((each for each in targets if each.get("type") == "User"), None)
    whose = whose or (targets[0] if targets else {})
    named = [
        str(value).strip('"')
        for each in targets
        for prop in objects(each.get("modifiedProperties"))
        if prop.get("displayName") in _NAMED
        for value in (prop.get("newValue") or prop.get("oldValue"),)
        if value
    ]
    others = [str(each.get("displayName")) for each in targets if each is not whose]
    return {
        "account": said(whose.get("userPrincipalName")) or said(whose.get("displayName")),
        "privilege": said(", ".join(dict.fromkeys(named or others))),
    }


def covers_sign_ins(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for: without a premium licence, they are refused."""
    return days.covers_days(answers, {SIGN_INS.name: (_SIGNED,)})


def covers_audit(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, as far as the licences make Entra ID remember them."""
    found = days.covers_days(answers, {table.name: (_DONE,) for table in (GRANTS, ACTIVITY)})
    kept_days = _PREMIUM_DAYS if _is_premium(Said(answers)) else _FREE_DAYS
    oldest = started_at.date() - timedelta(days=kept_days - 1)
    return {table: days.remembered(cover, oldest) for table, cover in found.items()}


def _is_premium(found: Said) -> bool:
    """Return whether a licence of a premium edition is in force; no when nobody says."""
    plans = [
        str(plan.get("servicePlanName"))
        for _, licence in found.each(_LICENCES, "value")
        if licence.get("capabilityStatus") in ("Enabled", "Warning")
        for plan in objects(licence.get("servicePlans"))
    ]
    return any(plan.startswith("AAD_PREMIUM") for plan in plans)
