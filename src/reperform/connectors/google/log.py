"""google/sign-ins and google/admin: who signed in; what administrators changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors import days
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.contract import Asking
from reperform.connectors.google.workspace import Workspace
from reperform.connectors.kept import moment, said
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, objects, of

SIGN_INS = POPULATIONS["population.sign_ins"]
GRANTS = POPULATIONS["population.access_grants"]
ACTIVITY = POPULATIONS["population.api_activity"]
NEEDS = ("admin.reports.audit.readonly",)
_KEPT = "what happened more than 180 days before the collection, which Google forgets"
SIGN_INS_BLIND = (
    f"{_KEPT}; sessions that go on without a new sign-in; second factors of another identity "
    "provider"
)
ADMIN_BLIND = f"{_KEPT}; changes in Google Cloud, and those that people make to their own accounts"
_KEPT_DAYS = 180
_LATE = timedelta(hours=12)
"""How long Google may take until its logs tell of what happened."""
_SIGNED, _DONE = "sign-ins of ", "changes of "
_SUCCESS, _FAILURE = "login_success", "login_failure"
_NONE, _OWN = "none", "google_password"
_NO_SECOND = frozenset(
    {
        _NONE,
        "password",
        "login_location",
        "knowledge_employee_id",
        "knowledge_preregistered_email",
        "knowledge_preregistered_phone",
    }
)
"""Challenges that are no second factor: what one knows, or where one is."""
_GRANTS = {
    "CREATE_USER": ("created", None),
    "DELETE_USER": ("deleted", None),
    "UNDELETE_USER": ("granted", None),
    "SUSPEND_USER": ("revoked", None),
    "UNSUSPEND_USER": ("granted", None),
    "ARCHIVE_USER": ("revoked", None),
    "UNARCHIVE_USER": ("granted", None),
    "CHANGE_PASSWORD": ("changed", None),
    "UNENROLL_USER_FROM_STRONG_AUTH": ("changed", None),
    "GRANT_ADMIN_PRIVILEGE": ("granted", True),
    "REVOKE_ADMIN_PRIVILEGE": ("revoked", True),
    "GRANT_DELEGATED_ADMIN_PRIVILEGES": ("granted", True),
    "ASSIGN_ROLE": ("granted", True),
    "UNASSIGN_ROLE": ("revoked", True),
    "CREATE_ROLE": ("created", True),
    "DELETE_ROLE": ("deleted", True),
    "ADD_PRIVILEGE": ("granted", True),
    "REMOVE_PRIVILEGE": ("revoked", True),
    "CREATE_GROUP": ("created", None),
    "DELETE_GROUP": ("deleted", None),
    "ADD_GROUP_MEMBER": ("granted", None),
    "REMOVE_GROUP_MEMBER": ("revoked", None),
    "AUTHORIZE_API_CLIENT_ACCESS": ("granted", True),
    "REMOVE_API_CLIENT_ACCESS": ("revoked", True),
}
"""Names of events -> what they do, and whether it makes one powerful."""
_WHOSE = ("USER_EMAIL", "API_CLIENT_NAME", "GROUP_EMAIL", "ROLE_NAME")
_WHAT = ("ROLE_NAME", "PRIVILEGE_NAME", "GROUP_EMAIL", "API_SCOPES")


def spans(asking: Asking, cursor: str) -> list[tuple[date, date]]:
    """Return the days to ask for, as far back as Google remembers."""
    return days.spans(asking, cursor, late=_LATE, kept_days=_KEPT_DAYS)


def ask_sign_ins(google: Workspace, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what the log of sign-ins tells of each day."""
    yield from _daily(google, _SIGNED, "login", (first, last))


def ask_admin(google: Workspace, *, first: date, last: date) -> Iterator[Answer]:
    """Yield what administrators did on each day."""
    yield from _daily(google, _DONE, "admin", (first, last))


def _daily(
    google: Workspace, name: str, application: str, span: tuple[date, date]
) -> Iterator[Answer]:
    first, last = span
    yield google.api.observed(first=str(first), last=str(last))
    path = f"admin/reports/v1/activity/users/all/applications/{application}"
    for day in days.each_day(first, last):
        query = (
            ("startTime", f"{day}T00:00:00.000Z"),
            ("endTime", f"{day}T23:59:59.999Z"),
            ("maxResults", "1000"),
        )
        yield from google.listed(f"{name}{day}", path, "admin#reports#activities", "items", *query)


def _events(
    found: Said, name: str
) -> Iterator[tuple[Kept, dict[str, Any], dict[str, Any], dict[str, Any]]]:
    """Yield each event once: answer, entry, event, and what a row of it has."""
    seen: set[str] = set()
    for day in found.names(name):
        for kept, entry in found.each(f"{name}{day}", "items"):
            for number, event in enumerate(objects(entry["events"])):
                at, unique = entry["id"]["time"], entry["id"]["uniqueQualifier"]
                uid = f"{at}/{unique}/{number}"
                if uid not in seen:
                    seen.add(uid)
                    yield kept, entry, event, {"event_uid": uid, "occurred_at": moment(at)}


def _parameters(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of an event by name, whichever type their values have."""
    kinds = ("value", "boolValue", "intValue", "multiValue")
    return {
        str(one.get("name")): next((one[kind] for kind in kinds if kind in one), None)
        for one in objects(event.get("parameters"))
    }


def shape_sign_ins(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each sign-in that succeeded or failed."""
    found = Said(answers)
    for kept, entry, event, told in _events(found, _SIGNED):
        name = event["name"]
        if name not in (_SUCCESS, _FAILURE):
            continue
        said_so = _parameters(event)
        is_success = name == _SUCCESS
        yield found.event(
            SIGN_INS.name,
            kept,
            **told,
            account=said(of(entry, "actor", "email")),
            account_uid=said(of(entry, "actor", "profileId")),
            is_root=False,
            is_success=is_success,
            is_mfa=_is_mfa(said_so) if is_success else None,
            reason=None if is_success else said(said_so.get("login_failure_type")),
            method=said(said_so.get("login_type")),
            source_ip=said(entry.get("ipAddress")),
        )


def _is_mfa(said_so: Mapping[str, Any]) -> bool | None:
    """Return whether a challenge was a second factor; None when no challenge is told.

    No challenge at all is none of Google's: where another identity provider lets people in, or a
    session goes on, that says nothing of what they gave there.
    """
    methods = said_so.get("login_challenge_method")
    named = methods if isinstance(methods, list) else [methods] if methods else []
    told = {one for one in named if isinstance(one, str)}
    if told == {_NONE} and said_so.get("login_type") != _OWN:
        return None
    return bool(told - _NO_SECOND) if told else None


def shape_admin(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each change of access, and each other change."""
    found = Said(answers)
    for kept, entry, event, told in _events(found, _DONE):
        name, said_so = str(event["name"]), _parameters(event)
        by = said(of(entry, "actor", "email")) or said(of(entry, "actor", "key"))
        if name in _GRANTS:
            action, is_privileged = _GRANTS[name]
            whose = next((said(said_so.get(key)) for key in _WHOSE if said_so.get(key)), None)
            what = [said(said_so[key]) for key in _WHAT if said_so.get(key)]
            yield found.event(
                GRANTS.name,
                kept,
                **told,
                action=action,
                operation=said(name),
                by_account=by,
                account=whose,
                privilege=said(", ".join(one for one in what if one and one != whose)),
                is_privileged=is_privileged,
                is_success=True,
            )
        else:
            values = (value for value in said_so.values() if isinstance(value, str))
            yield found.event(
                ACTIVITY.name,
                kept,
                **told,
                service=said(event.get("type")),
                operation=said(name),
                account=by,
                account_uid=said(of(entry, "actor", "profileId")),
                account_kind=said(of(entry, "actor", "callerType")),
                is_success=True,
                resource=said(", ".join(values)),
                source_ip=said(entry.get("ipAddress")),
            )


def covers_sign_ins(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless one was refused."""
    return days.covers_days(answers, {SIGN_INS.name: ("",)})


def covers_admin(answers: Sequence[Kept], _: datetime) -> dict[str, Cover]:
    """Return the days that were asked for, unless one was refused."""
    return days.covers_days(answers, {table.name: ("",) for table in (GRANTS, ACTIVITY)})
