"""Accounts and groups of a host, as the populations have them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import lines_of
from reperform.connectors.linux.accounts import GROUP, PASSWD, PRIVILEGED
from reperform.connectors.populations import TABLES as POPULATIONS

ACCOUNTS, GROUPS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
_ALL = "ALL"


def people(
    kept: Mapping[str, Kept],
    found: Sequence[Row],
    rules: Sequence[Row] | None,
    told: Mapping[str, Any],
) -> Iterator[Row]:
    """Yield accounts, and the members of groups.

    Args:
        kept: the answers by name.
        found: rows of the table of accounts.
        rules: rows of the table of sudo rules; None when they were not given.
        told: the column `system`.
    """
    powers = _powers(rules)
    for each in found:
        values = _account(each.values, powers)
        yield Row(ACCOUNTS.name, {**told, **values}, each.blob, each.at)
    if GROUP in kept and PASSWD in kept:
        yield from _members(kept, powers, told, found)


def _powers(rules: Sequence[Row] | None) -> dict[str, str] | None:
    """Return user or %group -> why sudo lets it become root; None when that is not known."""
    if rules is None:
        return None
    return {str(rule.values["subject"]): "sudo" for rule in rules if rule.values["allows_all"]}


def _account(values: Mapping[str, Any], powers: Mapping[str, str] | None) -> dict[str, Any]:
    groups = [name for name in str(values["groups"]).split(",") if name]
    why = {f"group {name}" for name in groups if name in PRIVILEGED}
    why |= {"user id 0"} if values["uid"] == 0 else set()
    subjects = (str(values["account"]), f"#{values['uid']}", _ALL, *(f"%{each}" for each in groups))
    why |= {"sudo" for each in subjects if powers and each in powers}
    changed = values["password_changed_on"]
    return {
        "observed_at": values["observed_at"],
        "account": values["account"],
        "account_uid": str(values["uid"]),
        "kind": _kind(values),
        "is_enabled": _is_enabled(values),
        "can_sign_in": values["has_login_shell"],
        "is_privileged": True if why else (None if powers is None else False),
        "privileges": ",".join(sorted(why)) or None,
        "last_used_at": values["last_login_at"],
        "last_used_known": values["last_login_known"],
        "password_changed_at": f"{changed} 00:00:00" if changed else None,
        "expires_at": f"{values['expires_on']} 00:00:00" if values["expires_on"] else None,
    }


def _kind(values: Mapping[str, Any]) -> str | None:
    """Return what an account is; whether one of the others is a person's, a host does not say."""
    if values["uid"] == 0:
        return "root"
    return "system" if values["is_system"] else None


def _is_enabled(values: Mapping[str, Any]) -> bool | None:
    """Return whether an account is open; a locked password alone leaves the way by key."""
    state = values["password"]
    if state is None or not values["observed_at"]:
        return None
    if values["expires_on"]:
        today = datetime.fromisoformat(values["observed_at"]).date().isoformat()
        return bool(values["expires_on"] > today)
    return state != "locked" or bool(values["has_login_shell"])


def _members(
    kept: Mapping[str, Kept],
    powers: Mapping[str, str] | None,
    told: Mapping[str, Any],
    found: Sequence[Row],
) -> Iterator[Row]:
    """Yield who is in which group, those whose own group it is among them."""
    uids = {str(each.values["account"]): str(each.values["uid"]) for each in found}
    own: dict[str, set[str]] = {}
    for each in found:
        for group in str(each.values["groups"]).split(","):
            own.setdefault(group, set()).add(str(each.values["account"]))
    for _, at, line in lines_of(kept[GROUP]):
        fields = line.split(":")
        if len(fields) < 4:  # noqa: PLR2004 - four fields, see group(5)
            continue
        name = fields[0]
        can = name in PRIVILEGED or f"%{name}" in (powers or {})
        listed = {part.strip() for part in fields[3].split(",") if part.strip()}
        members: list[str | None] = [*sorted(listed | own.get(name, set()))]
        for member in members or [None]:
            values = {
                "observed_at": found[0].values["observed_at"] if found else None,
                "group_name": name,
                "group_uid": fields[2],
                "is_privileged": True if can else (None if powers is None else False),
                "member": member,
                "member_uid": uids.get(member) if member else None,
                "member_kind": "account" if member else None,
            }
            yield Row(GROUPS.name, {**told, **values}, kept[GROUP].blob, at)
