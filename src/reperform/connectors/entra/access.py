"""entra/access: who has an account, how they prove who they are, groups, and roles."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Api, Request, values_of
from reperform.connectors.entra.graph import MOST
from reperform.connectors.entra.tables import METHODS, ROLES
from reperform.connectors.holders import Holders
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, lower, of, truth

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, METHODS, ROLES)
NEEDS = ("Directory.Read.All", "AuditLog.Read.All", "RoleEligibilitySchedule.Read.Directory")
BLIND = (
    "accounts that were deleted; applications and their keys; roles of subscriptions and of single "
    "services; second factors of accounts that are disabled"
)
_USERS, _ACTIVITY, _REPORT = "users", "use of accounts", "registered methods"
_GROUPS, _MEMBERS = "groups", "members of "
_ROLES, _HELD, _ELIGIBLE = "directory roles", "holders of ", "eligible for roles"
_BAD = 400
_USER = (
    "id,userPrincipalName,displayName,mail,userType,accountEnabled,createdDateTime,"
    "lastPasswordChangeDateTime"
)
_MEMBER = ("$select", "id,displayName,userPrincipalName")
_READS = ("Reader", "Readers")
_HARMLESS = frozenset({"Guest Inviter", "User", "Guest User", "Restricted Guest User"})
_NO_PIM = {"AadPremiumLicenseRequired": "without this licence no role can be activated"}


def ask(graph: Api) -> Iterator[Answer]:
    """Yield users, what is known of their use and methods, groups, and roles."""
    yield graph.observed()
    inside = ("value",)
    users = Request("users", (MOST, ("$select", _USER)))
    yield from graph.listed(_USERS, users, inside=inside)
    used = Request("users", (("$top", "500"), ("$select", "id,signInActivity")))
    yield from graph.listed(_ACTIVITY, used, inside=inside)
    report = Request("reports/authenticationMethods/userRegistrationDetails")
    yield from graph.listed(_REPORT, report, inside=inside)
    asked = Request("groups", (MOST, ("$select", "id,displayName,isAssignableToRole")))
    yield from _with_members(graph, _GROUPS, asked, "groups", _MEMBERS)
    yield from _with_members(graph, _ROLES, Request("directoryRoles"), "directoryRoles", _HELD)
    yield from graph.listed(
        _ELIGIBLE,
        Request(
            "roleManagement/directory/roleEligibilityScheduleInstances",
            (("$expand", "roleDefinition"),),
        ),
        inside=inside,
        absent=_NO_PIM,
        denied={_BAD},
    )


def _with_members(
    graph: Api, name: str, request: Request, base: str, label: str
) -> Iterator[Answer]:
    uids: list[str] = []
    for answer in graph.listed(name, request, inside=("value",)):
        uids += [str(one["id"]) for one in values_of(answer, "value")]
        yield answer
    query = (_MEMBER,) if base == "directoryRoles" else (MOST, _MEMBER)
    for uid in uids:
        members = Request(f"{base}/{quote(uid, safe='')}/members", query)
        yield from graph.listed(f"{label}{uid}", members, inside=("value",))


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield accounts, methods, and a row for each membership of a group or a role."""
    found = Said(answers)
    holders = _holders(found)
    used = {str(one.get("id")): one for _, one in found.each(_ACTIVITY, "value")}
    methods = {str(one.get("id")): one for _, one in found.each(_REPORT, "value")}
    for kept, user in found.once(_USERS, "id", "value"):
        uid = str(user["id"])
        privileges = holders.of(uid)
        yield found.row(
            ACCOUNTS.name,
            kept,
            **_account(user),
            **_use(found, used.get(uid)),
            is_privileged=holders.is_privileged(uid),
            privileges=said(",".join(privileges)),
            has_mfa=truth(of(methods.get(uid), "isMfaRegistered")),
        )
    yield from _methods(found)
    for kept, group in found.once(_GROUPS, "id", "value"):
        uid = str(group["id"])
        is_privileged = holders.is_privileged(uid)
        yield from _members(found, kept, group, f"{_MEMBERS}{uid}", is_privileged)
    for kept, role in found.once(_ROLES, "id", "value"):
        is_privileged = _is_more(str(role.get("displayName")))
        yield from _members(found, kept, role, f"{_HELD}{role['id']}", is_privileged)
    yield from _roles(found)


def _account(user: dict[str, Any]) -> dict[str, Any]:
    is_enabled = truth(user.get("accountEnabled"))
    kind = user.get("userType")
    return {
        "account": said(user["userPrincipalName"]),
        "account_uid": said(user["id"]),
        "full_name": said(user.get("displayName")),
        "email": lower(user.get("mail")),
        "is_enabled": is_enabled,
        "can_sign_in": is_enabled,
        "is_external": kind == "Guest" if kind in ("Guest", "Member") else None,
        "created_at": moment(user.get("createdDateTime")),
        "password_changed_at": moment(user.get("lastPasswordChangeDateTime")),
    }


def _use(found: Said, used: dict[str, Any] | None) -> dict[str, Any]:
    """Return the last sign-in that succeeded; of tries, where nothing else is recorded."""
    activity = of(used, "signInActivity")
    tries = ("lastSignInDateTime", "lastNonInteractiveSignInDateTime")
    at = moment(of(activity, "lastSuccessfulSignInDateTime"))
    tried = [one for name in tries if (one := moment(of(activity, name)))]
    return {
        "last_used_at": at or max(tried, default=None),
        "last_used_known": found.has(_ACTIVITY),
    }


def _methods(found: Said) -> Iterator[Row]:
    for kept, one in found.once(_REPORT, "id", "value"):
        methods = one.get("methodsRegistered")
        yield found.row(
            METHODS.name,
            kept,
            account=said(one.get("userPrincipalName")),
            account_uid=said(one["id"]),
            is_mfa_registered=truth(one["isMfaRegistered"]),
            is_mfa_capable=truth(one.get("isMfaCapable")),
            is_passwordless_capable=truth(one.get("isPasswordlessCapable")),
            methods=said(",".join(sorted(map(str, methods if isinstance(methods, list) else [])))),
            default_method=said(one.get("defaultMfaMethod")),
            updated_at=moment(one.get("lastUpdatedDateTime")),
        )


def _kind(member: dict[str, Any]) -> str | None:
    found = member.get("@odata.type")
    return found.rpartition(".")[2] if isinstance(found, str) else None


def _members(
    found: Said, kept: Kept, group: dict[str, Any], name: str, is_privileged: object
) -> Iterator[Row]:
    named = {
        "group_name": said(group.get("displayName")),
        "group_uid": said(group["id"]),
        "is_privileged": is_privileged,
    }
    members = list(found.once(name, "id", "value"))
    for inner, one in members:
        member = {
            "member": said(one.get("userPrincipalName")) or said(one.get("displayName")),
            "member_uid": said(one.get("id")),
            "member_kind": "group" if _kind(one) == "group" else "account",
        }
        yield found.row(GROUPS.name, inner, **named, **member)
    if not members:
        yield found.row(GROUPS.name, kept, **named)


def _holders(found: Said) -> Holders:
    holders = Holders()
    needed = [_GROUPS, _ROLES, _ELIGIBLE]
    for _, group in found.each(_GROUPS, "value"):
        name = f"{_MEMBERS}{group.get('id')}"
        needed.append(name)
        holders.group(
            str(group.get("id")), (str(m.get("id")) for _, m in found.each(name, "value"))
        )
    for _, role in found.each(_ROLES, "value"):
        name, title = f"{_HELD}{role.get('id')}", str(role.get("displayName"))
        needed.append(name)
        for _, one in found.each(name, "value"):
            holders.hold(str(one.get("id")), title, is_more=_is_more(title))
    for _, one in found.each(_ELIGIBLE, "value"):
        title = str(of(one, "roleDefinition", "displayName"))
        uid = str(one.get("principalId"))
        holders.hold(uid, f"{title} (eligible)", is_more=_is_more(title))
    holders.is_whole = all(map(found.has, needed))
    return holders


def _is_more(role: str) -> bool:
    """Return whether a role does more than read."""
    return not role.endswith(_READS) and role not in _HARMLESS


def _roles(found: Said) -> Iterator[Row]:
    for _, role in found.once(_ROLES, "id", "value"):
        for kept, one in found.each(f"{_HELD}{role['id']}", "value"):
            yield found.row(
                ROLES.name,
                kept,
                role=said(role["displayName"]),
                holder=said(one.get("userPrincipalName")) or said(one.get("displayName")),
                holder_uid=said(one.get("id")),
                holder_kind=said(_kind(one)),
                is_eligible=False,
            )
    for kept, one in found.each(_ELIGIBLE, "value"):
        yield found.row(
            ROLES.name,
            kept,
            role=said(of(one, "roleDefinition", "displayName")),
            holder_uid=said(one["principalId"]),
            is_eligible=True,
            ends_at=moment(one.get("endDateTime")),
        )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless what a table is made of was refused."""
    needed = {
        ACCOUNTS.name: (_USERS,),
        GROUPS.name: (_GROUPS, _MEMBERS, _ROLES, _HELD),
        METHODS.name: (_REPORT,),
        ROLES.name: (_ROLES, _HELD, _ELIGIBLE),
    }
    return state_covers(answers, started_at, needed)
