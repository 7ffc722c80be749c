"""okta/access: who has an account, with which second factors, groups and roles."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.calls import Api, Request, link_in, values_of
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.okta.org import MOST
from reperform.connectors.okta.tables import FACTORS, ROLES
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, lower, of

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS, FACTORS, ROLES)
NEEDS = ("okta.users.read", "okta.groups.read", "okta.factors.read", "okta.roles.read")
BLIND = (
    "accounts that were deleted; which applications a group opens; factors of other identity "
    "providers; what a role of one's own allows; whether an account is a person's"
)
_USERS, _ENDED, _GROUPS, _ADMINS = "users", "users deactivated", "groups", "administrators"
_FACTORS, _ROLES = "factors of ", "roles of "
_MEMBERS, _GROUP_ROLES = "members of ", "roles of group "
_NEXT = link_in("_links", "next", "href")
_GONE = {"Resource not found": "it was deleted while we asked"}
_ENABLED = {
    "ACTIVE": True,
    "RECOVERY": True,
    "PASSWORD_EXPIRED": True,
    "PROVISIONED": True,
    "STAGED": False,
    "LOCKED_OUT": False,
    "SUSPENDED": False,
    "DEPROVISIONED": False,
}
NO_SECOND = frozenset({"question", "email"})
"""What one knows, or a mailbox: no second factor beside a password.  Source: NIST SP 800-63B."""
_HARMLESS = frozenset({"READ_ONLY_ADMIN", "REPORT_ADMIN"})
_OWN = "CUSTOM"


def ask(org: Api) -> Iterator[Answer]:
    """Yield users, their factors, roles, and groups with their members."""
    yield org.observed()
    uids: list[str] = []
    for answer in org.listed(_USERS, Request("api/v1/users", MOST), inside=()):
        uids += _uids(answer)
        yield answer
    ended = (*MOST, ("filter", 'status eq "DEPROVISIONED"'))
    yield from org.listed(_ENDED, Request("api/v1/users", ended), inside=())
    for uid in uids:
        request = Request(f"api/v1/users/{quote(uid, safe='')}/factors")
        yield from org.listed(f"{_FACTORS}{uid}", request, inside=(), absent=_GONE)
    yield from _roles(org)
    groups: list[str] = []
    for answer in org.listed(_GROUPS, Request("api/v1/groups", MOST), inside=()):
        groups += _uids(answer)
        yield answer
    for uid in groups:
        base = f"api/v1/groups/{quote(uid, safe='')}"
        members, roles = Request(f"{base}/users", MOST), Request(f"{base}/roles")
        yield from org.listed(f"{_MEMBERS}{uid}", members, inside=(), absent=_GONE)
        yield from org.listed(f"{_GROUP_ROLES}{uid}", roles, inside=(), absent=_GONE)


def _roles(org: Api) -> Iterator[Answer]:
    """Yield who has roles, by themselves or by a group, and which."""
    uids: list[str] = []
    request = Request("api/v1/iam/assignees/users", (("limit", "100"),))
    for answer in org.listed(_ADMINS, request, inside=("value",), follow=_NEXT):
        uids += _uids(answer, "value")
        yield answer
    for uid in uids:
        asked = Request(f"api/v1/users/{quote(uid, safe='')}/roles")
        yield from org.listed(f"{_ROLES}{uid}", asked, inside=(), absent=_GONE)


def _uids(answer: Answer, *inside: str) -> list[str]:
    return [str(one["id"]) for one in values_of(answer, *inside)]


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield accounts, factors, roles, and a row for each membership."""
    found = Said(answers)
    admins = {str(one.get("id")) for _, one in found.each(_ADMINS, "value")}
    for name in (_USERS, _ENDED):
        for kept, user in found.once(name, "id"):
            yield found.row(ACCOUNTS.name, kept, **_account(found, user, admins))
            yield from _factors(found, user)
    for uid in sorted(admins):
        yield from _held(found, f"{_ROLES}{uid}", uid, "account")
    for kept, group in found.once(_GROUPS, "id"):
        uid = str(group["id"])
        yield from _members(found, kept, group)
        yield from _held(found, f"{_GROUP_ROLES}{uid}", uid, "group")


def _account(found: Said, user: Mapping[str, Any], admins: set[str]) -> dict[str, Any]:
    uid, profile = str(user["id"]), user["profile"]
    names = (profile.get("firstName"), profile.get("lastName"))
    is_enabled = _ENABLED.get(str(user["status"]))
    known = [] if uid in admins else _roles_known(found, _ADMINS)
    roles = _active(found, f"{_ROLES}{uid}") if uid in admins else known
    return {
        "account": said(profile.get("login")),
        "account_uid": said(uid),
        "full_name": said(" ".join(name for name in names if isinstance(name, str)).strip()),
        "email": lower(profile.get("email")),
        "is_enabled": is_enabled,
        "can_sign_in": is_enabled,
        "is_privileged": _is_privileged(roles),
        "privileges": said(",".join(roles or ())),
        "has_mfa": _has_second(found, uid),
        "created_at": moment(user.get("created")),
        "last_used_at": moment(user.get("lastLogin")),
        "last_used_known": True,
        "password_changed_at": moment(user.get("passwordChanged")),
    }


def _roles_known(found: Said, name: str) -> list[str] | None:
    """Return no roles where they were told, and nothing where they were not."""
    return [] if found.has(name) else None


def _active(found: Said, name: str) -> list[str] | None:
    """Return the kinds of the roles in force, sorted; None when they are not known."""
    if not found.has(name):
        return None
    roles = (one for _, one in found.each(name) if one.get("status") == "ACTIVE")
    return sorted({str(one["type"]) for one in roles})


def _is_privileged(roles: list[str] | None) -> bool | None:
    """Return whether roles let one grant oneself more; a role of one's own may or may not."""
    if roles is None:
        return None
    more = set(roles) - _HARMLESS
    return None if more == {_OWN} else bool(more)


def _has_second(found: Said, uid: str) -> bool | None:
    name = f"{_FACTORS}{uid}"
    if not found.has(name) or found.is_absent(name):
        return None
    return any(_is_second(one) and one.get("status") == "ACTIVE" for _, one in found.each(name))


def _is_second(factor: Mapping[str, Any]) -> bool:
    return factor["factorType"] not in NO_SECOND


def _factors(found: Said, user: Mapping[str, Any]) -> Iterator[Row]:
    for kept, factor in found.each(f"{_FACTORS}{user['id']}"):
        yield found.row(
            FACTORS.name,
            kept,
            account=said(of(user, "profile", "login")),
            account_uid=said(user["id"]),
            factor_uid=said(factor.get("id")),
            kind=said(factor["factorType"]),
            provider=said(factor.get("provider")),
            status=said(factor.get("status")),
            is_second=_is_second(factor),
            created_at=moment(factor.get("created")),
        )


def _held(found: Said, name: str, uid: str, kind: str) -> Iterator[Row]:
    for kept, role in found.each(name):
        yield found.row(
            ROLES.name,
            kept,
            holder_uid=said(uid),
            holder_kind=kind,
            role=said(role["type"]),
            label=said(role.get("label")),
            status=said(role.get("status")),
            is_by_group=role.get("assignmentType") == "GROUP" if kind == "account" else None,
            granted_at=moment(role.get("created")),
        )


def _members(found: Said, kept: Kept, group: Mapping[str, Any]) -> Iterator[Row]:
    uid = str(group["id"])
    named = {
        "group_name": said(of(group, "profile", "name")),
        "group_uid": said(uid),
        "is_privileged": _is_privileged(_active(found, f"{_GROUP_ROLES}{uid}")),
    }
    members = list(found.once(f"{_MEMBERS}{uid}", "id"))
    for inner, user in members:
        login, member_uid = said(of(user, "profile", "login")), said(user.get("id"))
        member = {"member": login, "member_uid": member_uid, "member_kind": "account"}
        yield found.row(GROUPS.name, inner, **named, **member)
    if not members:
        yield found.row(GROUPS.name, kept, **named)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless what a table is made of was refused."""
    needed = {
        ACCOUNTS.name: (_USERS,),
        GROUPS.name: (_GROUPS, _MEMBERS),
        FACTORS.name: (_USERS, _FACTORS),
        ROLES.name: (_ADMINS, _ROLES),
    }
    return state_covers(answers, started_at, needed)
