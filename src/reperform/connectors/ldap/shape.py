"""Shaping a directory's people, groups and policies of passwords."""

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import by_name, json_of, said, state_covers
from reperform.connectors.ldap.ldif import Entry, entries, folded
from reperform.connectors.ldap.search import GROUPS, PEOPLE, POLICIES
from reperform.connectors.ldap.tables import PASSWORD_POLICY
from reperform.connectors.populations import TABLES as POPULATIONS

PERSONS = POPULATIONS["population.people"]
ACCOUNTS, MEMBERS = POPULATIONS["population.accounts"], POPULATIONS["population.groups"]
TABLES = (PERSONS, ACCOUNTS, MEMBERS, PASSWORD_POLICY)

_DISABLED, _LOCKED = 0x2, 0x10  # userAccountControl, [MS-ADTS] 2.2.16
_NEVER = (0, 0x7FFFFFFFFFFFFFFF)
_EPOCH_1601 = datetime(1601, 1, 1, tzinfo=UTC)
_EPOCH_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_TICKS = 10_000_000
_DAY_SECONDS = 86_400
_NO_LOGIN = ("nologin", "false")


class _Groups:
    """Groups, and who is in them, also through other groups."""

    def __init__(
        self, found: Sequence[Entry], people: Sequence[Entry], privileged: Sequence[str]
    ) -> None:
        self.names = {folded(group.dn): _name(group) for group in found}
        self.above: dict[str, set[str]] = {}
        for group in found:
            for member in members(group):
                self.above.setdefault(folded(member), set()).add(folded(group.dn))
        for person in people:
            for dn in person.texts("memberof"):
                self.above.setdefault(folded(person.dn), set()).add(folded(dn))
                self.names.setdefault(folded(dn), _short(dn))
        wanted = {name.casefold() for name in privileged}
        self.privileged = {dn for dn, name in self.names.items() if name.casefold() in wanted}

    def powers(self, entry: Entry) -> list[str]:
        """Return the names of the privileged groups that an entry is in, however deep."""
        uid = entry.text("uid", "samaccountname")
        waiting = [folded(entry.dn), *([folded(uid)] if uid else [])]
        seen: set[str] = set()
        while waiting:
            for group in self.above.get(waiting.pop(), ()):
                if group not in seen:
                    seen.add(group)
                    waiting.append(group)
        return sorted(self.names[group] for group in seen & self.privileged)


def members(group: Entry) -> list[str]:
    """Return who is in a group: names, or logins where it lists logins."""
    lists = ("member", "uniquemember", "roleoccupant", "memberuid")
    return [member for name in lists for member in group.texts(name)]


def _name(group: Entry) -> str:
    return group.text("samaccountname", "cn") or group.dn


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield people and their accounts, memberships, and policies of passwords."""
    kept = by_name(answers)
    facts = json_of(kept["observed"]) if "observed" in kept else None
    told = (
        {"system": facts.get("system"), "observed_at": facts.get("at")}
        if isinstance(facts, dict)
        else {}
    )
    privileged = facts.get("privileged", []) if isinstance(facts, dict) else []
    listed = list(entries(kept[GROUPS])) if GROUPS in kept else []
    found = entries(kept[PEOPLE]) if PEOPLE in kept else ()
    people = [entry for entry in found if "computer" not in entry.texts("objectclass")]
    groups = _Groups(listed, people, [name for name in privileged if isinstance(name, str)])
    for person in people:
        blob = kept[PEOPLE].blob
        yield Row(PERSONS.name, {**told, **_person(person)}, blob, person.at)
        is_known = GROUPS in kept
        account = _account(person, str(told.get("observed_at")), groups, is_known=is_known)
        yield Row(ACCOUNTS.name, {**told, **account}, blob, person.at)
    yield from _memberships(kept, listed, groups, told)
    for policy in entries(kept[POLICIES]) if POLICIES in kept else ():
        values = {**told, **_policy(policy)}
        yield Row(PASSWORD_POLICY.name, values, kept[POLICIES].blob, policy.at)


def _person(entry: Entry) -> dict[str, Any]:
    return {
        "person_uid": said(_uid(entry)),
        "name": said(entry.text("displayname", "cn")),
        "email": said(entry.text("mail").lower()),
        "title": said(entry.text("title")),
        "department": said(entry.text("department", "departmentnumber", "ou")),
        "manager_uid": said(entry.text("manager")),
        "employment": said(entry.text("employeetype")),
    }


def _uid(entry: Entry) -> str:
    sids = entry.values.get("objectsid")
    return entry.text("entryuuid") or (_sid(sids[0]) if sids else "") or entry.dn


def _sid(raw: bytes) -> str:
    """Return a security identifier as people write it, [MS-DTYP] 2.4.2; empty when it is none."""
    if len(raw) < 8 or len(raw) != 8 + 4 * raw[1]:  # noqa: PLR2004 - its head is 8 bytes
        return ""
    parts = struct.unpack(f"<{raw[1]}I", raw[8:])
    return "-".join(map(str, ["S", raw[0], int.from_bytes(raw[2:8], "big"), *parts]))


def _account(entry: Entry, now: str, groups: _Groups, *, is_known: bool) -> dict[str, Any]:
    powers = groups.powers(entry)
    shell = entry.text("loginshell").rpartition("/")[2]
    expires_at = _ticks(entry.number("accountexpires")) or _days(entry.number("shadowexpire"))
    used = _ticks(entry.number("lastlogontimestamp"))
    used = used or _generalized(entry.text("pwdlastsuccess", "authtimestamp"))
    return {
        "account": said(entry.text("samaccountname", "uid", "cn")),
        "account_uid": said(_uid(entry)),
        "full_name": said(entry.text("displayname", "cn")),
        "email": said(entry.text("mail").lower()),
        "is_enabled": not _is_off(entry) and not (expires_at and expires_at <= now),
        "can_sign_in": False if shell in _NO_LOGIN else None,
        "is_privileged": True if powers else False if is_known else None,
        "privileges": said(",".join(powers), most=2_000),
        "created_at": _generalized(entry.text("whencreated", "createtimestamp")),
        "last_used_at": used,
        "last_used_known": used is not None or "useraccountcontrol" in entry.values,
        "password_changed_at": _ticks(entry.number("pwdlastset"))
        or _generalized(entry.text("pwdchangedtime")),
        "expires_at": expires_at,
    }


def _is_off(entry: Entry) -> bool:
    control = entry.number("useraccountcontrol") or 0
    is_locked = bool(entry.text("pwdaccountlockedtime"))
    return (
        bool(control & (_DISABLED | _LOCKED))
        or is_locked
        or (entry.text("nsaccountlock").lower() == "true")
    )


def _memberships(
    kept: dict[str, Kept], listed: Sequence[Entry], groups: _Groups, told: dict[str, Any]
) -> Iterator[Row]:
    for group in listed:
        named = {
            **told,
            "group_name": said(_name(group)),
            "group_uid": said(_uid(group)),
            "is_privileged": folded(group.dn) in groups.privileged,
        }
        for member in members(group) or [""]:
            kind = "group" if folded(member) in groups.names else "account"
            values = {"member": said(_short(member)), "member_uid": said(member)}
            values["member_kind"] = kind if member else None
            yield Row(MEMBERS.name, {**named, **values}, kept[GROUPS].blob, group.at)


def _short(member: str) -> str:
    """Return the first name in a DN; a login is one already."""
    return member.partition(",")[0].partition("=")[2] if "=" in member else member


def _policy(entry: Entry) -> dict[str, Any]:
    seconds, ticks = entry.number("pwdmaxage"), entry.number("maxpwdage")
    days = seconds // _DAY_SECONDS if seconds else None
    if ticks and -ticks not in (*_NEVER, 1 << 63):
        days = -ticks // _TICKS // _DAY_SECONDS
    counted = entry.number("lockoutthreshold")
    if entry.text("pwdlockout").lower() == "true":
        counted = entry.number("pwdmaxfailure")
    return {
        "policy": said(entry.dn),
        "minimum_length": _either(entry.number("pwdminlength"), entry.number("minpwdlength")),
        "longest_days": days,
        "reuse_prevented": _either(entry.number("pwdinhistory"), entry.number("pwdhistorylength")),
        "locks_after": counted or None,
    }


def _either(one: int | None, other: int | None) -> int | None:
    return other if one is None else one


def _ticks(count: int | None) -> str | None:
    """Return 100-nanosecond steps since 1601 as a timestamp; None: never, or no calendar has it."""
    if count is None or count in _NEVER:
        return None
    return _after(_EPOCH_1601, count // _TICKS)


def _days(count: int | None) -> str | None:
    """Return days since 1970 as a timestamp."""
    return None if count is None or count < 0 else _after(_EPOCH_1970, count * _DAY_SECONDS)


def _after(epoch: datetime, seconds: int) -> str | None:
    try:
        return (epoch + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return None


def _generalized(text: str) -> str | None:
    """Return a generalized time of RFC 4517 as a timestamp; None when it is none.

    >>> _generalized("20260302100000Z"), _generalized("20260302100000.0Z"), _generalized("now")
    ('2026-03-02 10:00:00', '2026-03-02 10:00:00', None)
    """
    try:
        seconds = text.partition(".")[0].removesuffix("Z")
        at = datetime.strptime(f"{seconds}+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
    return at.strftime("%Y-%m-%d %H:%M:%S")


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; a group that is given in part leaves memberships without it."""
    needed = {
        PERSONS.name: (PEOPLE,),
        ACCOUNTS.name: (PEOPLE,),
        MEMBERS.name: (GROUPS,),
        PASSWORD_POLICY.name: (POLICIES,),
    }
    found = state_covers(answers, started_at, needed)
    kept = by_name(answers)
    cut = [entry.dn for entry in entries(kept[GROUPS]) if entry.is_cut] if GROUPS in kept else []
    if cut:
        why = f"the server gives only some of the members of {cut[0][:200]}"
        today = started_at.astimezone(UTC).date()
        found[MEMBERS.name] = Cover(today, today, why, is_whole=False)
    return found
