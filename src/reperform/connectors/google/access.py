"""google/access: who has an account, with 2-step verification, in which groups and roles."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import values_of
from reperform.connectors.google.tables import ROLES, USERS
from reperform.connectors.google.workspace import Workspace
from reperform.connectors.holders import Holders
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, lower, of, truth

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, USERS, ROLES)
NEEDS = (
    "admin.directory.user.readonly",
    "admin.directory.group.readonly",
    "admin.directory.rolemanagement.readonly",
)
BLIND = (
    "accounts that were deleted; second factors of another identity provider; what a role of one's "
    "own allows; applications that people let in; rights in Google Cloud; whether an account is a "
    "person's"
)
_USERS, _GROUPS, _MEMBERS = "users", "groups", "members of "
_ROLES, _HELD = "roles", "roles held"
_DIRECTORY = "admin/directory/v1"
_OURS = ("customer", "my_customer")
_NEVER = "1970-01-01 00:00:00"
_READS = "_READ_ONLY_ADMIN_ROLE"


def ask(google: Workspace) -> Iterator[Answer]:
    """Yield users, groups with their members, roles and who holds them."""
    yield google.api.observed()
    kind = "admin#directory#"
    users = (_OURS, ("maxResults", "500"), ("orderBy", "email"))
    yield from google.listed(_USERS, f"{_DIRECTORY}/users", f"{kind}users", "users", *users)
    most = ("maxResults", "200")
    uids: list[str] = []
    path = f"{_DIRECTORY}/groups"
    for answer in google.listed(_GROUPS, path, f"{kind}groups", "groups", _OURS, most):
        uids += [str(one["id"]) for one in values_of(answer, "groups")]
        yield answer
    for uid in uids:
        members = f"{path}/{quote(uid, safe='')}/members"
        yield from google.listed(f"{_MEMBERS}{uid}", members, f"{kind}members", "members", most)
    ours = f"{_DIRECTORY}/customer/my_customer"
    hundred = ("maxResults", "100")
    yield from google.listed(_ROLES, f"{ours}/roles", f"{kind}roles", "items", hundred)
    held = f"{ours}/roleassignments"
    yield from google.listed(_HELD, held, f"{kind}roleAssignments", "items", most)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield accounts, roles, and a row for each membership."""
    found = Said(answers)
    roles = {str(one["roleId"]): one for _, one in found.each(_ROLES, "items")}
    holders = _holders(found, roles)
    for kept, user in found.once(_USERS, "id", "users"):
        uid = str(user["id"])
        is_super = truth(user["isAdmin"])
        yield found.row(
            ACCOUNTS.name,
            kept,
            **_account(user),
            is_privileged=True if is_super else holders.is_privileged(uid),
            privileges=said(",".join(holders.of(uid))) or ("super admin" if is_super else None),
        )
        yield found.row(USERS.name, kept, **_user(user))
    for kept, group in found.once(_GROUPS, "id", "groups"):
        yield from _members(found, kept, group, holders.is_privileged(str(group["id"])))
    yield from _held(found, roles)


def _account(user: dict[str, Any]) -> dict[str, Any]:
    stops = [truth(user.get(name)) for name in ("suspended", "archived")]
    is_enabled = False if True in stops else None if stops[0] is None else True
    used = moment(user.get("lastLoginTime"))
    return {
        "account": lower(user["primaryEmail"]),
        "account_uid": said(user["id"]),
        "full_name": said(of(user, "name", "fullName")),
        "email": lower(user["primaryEmail"]),
        "is_enabled": is_enabled,
        "can_sign_in": is_enabled,
        "has_mfa": truth(user.get("isEnrolledIn2Sv")),
        "created_at": moment(user.get("creationTime")),
        "last_used_at": None if used == _NEVER else used,
        "last_used_known": used is not None,
    }


def _user(user: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": lower(user["primaryEmail"]),
        "account_uid": said(user["id"]),
        "org_unit": said(user.get("orgUnitPath")),
        "is_super_admin": truth(user["isAdmin"]),
        "is_delegated_admin": truth(user.get("isDelegatedAdmin")),
        "is_mfa_enrolled": truth(user.get("isEnrolledIn2Sv")),
        "is_mfa_enforced": truth(user.get("isEnforcedIn2Sv")),
        "is_suspended": truth(user.get("suspended")),
        "is_archived": truth(user.get("archived")),
        "suspension_reason": said(user.get("suspensionReason")),
    }


def _holders(found: Said, roles: dict[str, dict[str, Any]]) -> Holders:
    holders = Holders()
    needed = [_GROUPS, _ROLES, _HELD]
    for _, group in found.each(_GROUPS, "groups"):
        name = f"{_MEMBERS}{group['id']}"
        needed.append(name)
        members = (str(one.get("id")) for _, one in found.each(name, "members"))
        holders.group(str(group["id"]), members)
    for _, one in found.each(_HELD, "items"):
        role = roles.get(str(one["roleId"]), {})
        title = str(role.get("roleName") or one["roleId"])
        holders.hold(str(one["assignedTo"]), title, is_more=_is_more(role))
    holders.is_whole = all(map(found.has, needed))
    return holders


def _is_more(role: dict[str, Any]) -> bool | None:
    """Return whether a role does more than read; of a role of one's own, that is not known."""
    if role.get("isSuperAdminRole") is True:
        return True
    return role["roleName"] != _READS if role.get("isSystemRole") is True else None


def _members(
    found: Said, kept: Kept, group: dict[str, Any], is_privileged: object
) -> Iterator[Row]:
    named = {
        "group_name": lower(group["email"]),
        "group_uid": said(group["id"]),
        "is_privileged": is_privileged,
    }
    members = list(found.once(f"{_MEMBERS}{group['id']}", "id", "members"))
    for inner, one in members:
        is_group = one.get("type") == "GROUP"
        everybody = "everybody in the organization" if one.get("type") == "CUSTOMER" else None
        member = {
            "member": lower(one.get("email")) or everybody,
            "member_uid": said(one.get("id")),
            "member_kind": "group" if is_group or everybody else "account",
        }
        yield found.row(GROUPS.name, inner, **named, **member)
    if not members:
        yield found.row(GROUPS.name, kept, **named)


def _held(found: Said, roles: dict[str, dict[str, Any]]) -> Iterator[Row]:
    for kept, one in found.once(_HELD, "roleAssignmentId", "items"):
        role = roles.get(str(one["roleId"]), {})
        is_system = truth(role.get("isSystemRole"))
        yield found.row(
            ROLES.name,
            kept,
            role=said(role.get("roleName") or str(one["roleId"])),
            holder_uid=said(one["assignedTo"]),
            holder_kind=said(one.get("assigneeType")),
            is_super_admin=bool(truth(role.get("isSuperAdminRole"))) if role else None,
            is_own=None if not role else not is_system,
            scope=said(one.get("scopeType")),
        )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless what a table is made of was refused."""
    needed = {
        ACCOUNTS.name: (_USERS,),
        GROUPS.name: (_GROUPS, _MEMBERS),
        USERS.name: (_USERS,),
        ROLES.name: (_ROLES, _HELD),
    }
    return state_covers(answers, started_at, needed)
