"""scim/access: who has an account at a service, and in which groups.  Source: RFC 7643."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.populations import TABLES as POPULATIONS
from reperform.connectors.said import Said, lower, objects, of, truth
from reperform.connectors.scim.service import RESOURCES, Service

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (ACCOUNTS, GROUPS)
NEEDS = ("Users", "Groups")
BLIND = (
    "accounts that the service does not show over SCIM, such as those of its own administrators; "
    "second factors and last use, for which SCIM has no place; groups in groups of a user"
)
_USERS, _GROUPS = "users", "groups"
_POWERS = ("roles", "entitlements", "groups")


def ask(service: Service) -> Iterator[Answer]:
    """Yield users, and groups where the service has them."""
    yield service.api.observed()
    yield from service.listed(_USERS, "Users")
    yield from service.groups(_GROUPS)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield an account for each user, and a row for each membership."""
    found = Said(answers)
    powerful = {str(one).casefold() for one in found.facts.get("privileged") or ()}
    member_of = _member_of(found)
    for kept, user in found.once(_USERS, "id", RESOURCES):
        named = _powers(user) | member_of.get(str(user["id"]), set())
        held = sorted(one for one in named if one.casefold() in powerful)
        is_known = bool(powerful) and found.has(_GROUPS)
        yield found.row(
            ACCOUNTS.name,
            kept,
            **_account(user),
            is_privileged=True if held else False if is_known else None,
            privileges=said(",".join(held)),
        )
    for kept, group in found.once(_GROUPS, "id", RESOURCES):
        yield from _members(found, kept, group, powerful)


def _account(user: Mapping[str, Any]) -> dict[str, Any]:
    is_enabled = truth(user.get("active"))
    return {
        "account": said(user["userName"]),
        "account_uid": said(user["id"]),
        "full_name": _name(user),
        "email": _email(user),
        "is_enabled": is_enabled,
        "can_sign_in": is_enabled,
        "created_at": moment(of(user, "meta", "created")),
        "last_used_known": False,
    }


def _name(user: Mapping[str, Any]) -> str | None:
    parts = [said(of(user, "name", part)) for part in ("givenName", "familyName")]
    whole = said(" ".join(filter(None, parts)))
    return said(user.get("displayName")) or said(of(user, "name", "formatted")) or whole


def _email(user: Mapping[str, Any]) -> str | None:
    """Return the primary address, else that of work, else the first."""
    emails = objects(user.get("emails"))
    ranked = sorted(
        emails, key=lambda one: (one.get("primary") is not True, one.get("type") != "work")
    )
    return lower(ranked[0].get("value")) if ranked else None


def _powers(user: Mapping[str, Any]) -> set[str]:
    """Return the names of roles, entitlements and groups that a user's resource has."""
    return {
        str(name)
        for kind in _POWERS
        for one in objects(user.get(kind))
        for name in (one.get("display"), one.get("value"))
        if isinstance(name, str)
    }


def _member_of(found: Said) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for _, group in found.each(_GROUPS, RESOURCES):
        for member in objects(group.get("members")):
            groups.setdefault(str(member.get("value")), set()).add(str(group.get("displayName")))
    return groups


def _members(
    found: Said, kept: Kept, group: Mapping[str, Any], powerful: set[str]
) -> Iterator[Row]:
    name = said(group["displayName"])
    named = {
        "group_name": name,
        "group_uid": said(group["id"]),
        "is_privileged": (name or "").casefold() in powerful if powerful else None,
    }
    members = objects(group.get("members"))
    for one in members:
        place = str(one.get("$ref") or "")
        is_group = one.get("type") == "Group" or "/Groups/" in place
        member = {
            "member": said(one.get("display")),
            "member_uid": said(one["value"]),
            "member_kind": "group" if is_group else "account",
        }
        yield found.row(GROUPS.name, kept, **named, **member)
    if not members:
        yield found.row(GROUPS.name, kept, **named)


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless users or groups were refused."""
    needed = {ACCOUNTS.name: (_USERS,), GROUPS.name: (_GROUPS,)}
    return state_covers(answers, started_at, needed)
