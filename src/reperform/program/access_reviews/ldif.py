"""People and groups of a directory in LDIF.  Source: RFC 2849."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.access_reviews.accounts import AccountLine

_FIRST = re.compile(r"(?:version: *\d|dn::? )", re.IGNORECASE)
_PEOPLE = frozenset(("person", "inetorgperson", "organizationalperson", "posixaccount", "user"))
_NOT_PEOPLE = frozenset(("computer", "group"))
_MEMBERS = ("member", "uniquemember", "memberuid")
_KEYS = ("uid", "samaccountname", "userprincipalname")
_DISABLED = 0x2
"""ACCOUNTDISABLE of Active Directory's userAccountControl."""
Entry = Mapping[str, list[str]]


def is_ldif(text: str) -> bool:
    """Return whether a text begins as LDIF does, after comments."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return bool(_FIRST.match(next(lines, "")))


def read_ldif(text: str) -> tuple[list[AccountLine], list[Problem]]:
    """Return the people of a directory, each with the groups that name them.

    Raises:
        ValueError: it is no LDIF, or says changes instead of entries.
    """
    entries = list(_entries(text))
    groups: dict[str, list[str]] = {}
    for entry in entries:
        for name in _MEMBERS:
            for member in entry.get(name, ()):
                groups.setdefault(_plain(member), []).append(_first(entry, "cn") or entry["dn"][0])
    people = [entry for entry in entries if _is_person(entry)]
    return [_account(number, each, groups) for number, each in enumerate(people, 1)], []


def _is_person(entry: Entry) -> bool:
    kinds = {each.lower() for each in entry.get("objectclass", ())}
    return bool(kinds & _PEOPLE) and not kinds & _NOT_PEOPLE


def _account(number: int, entry: Entry, groups: Mapping[str, list[str]]) -> AccountLine:
    dn = entry["dn"][0]
    key = next((found for name in _KEYS if (found := _first(entry, name))), dn)
    of = [*groups.get(_plain(dn), ()), *groups.get(_plain(key), ())]
    of += [
        re.sub(r"^cn=([^,]+),.*", r"\1", each, flags=re.IGNORECASE)
        for each in entry.get("memberof", ())
    ]
    return AccountLine(
        row=number,
        key=visible(key, limit=300),
        name=visible(_first(entry, "cn") or _first(entry, "displayname"), limit=300),
        email=visible(_first(entry, "mail"), limit=320).lower(),
        access=visible(", ".join(dict.fromkeys(of)), limit=4_000),
        enabled=_enabled(entry),
    )


def _enabled(entry: Entry) -> bool | None:
    if lock := _first(entry, "nsaccountlock"):
        return lock.lower() != "true"
    control = _first(entry, "useraccountcontrol")
    return not int(control) & _DISABLED if control.isascii() and control.isdigit() else None


def _first(entry: Entry, name: str) -> str:
    return next(iter(entry.get(name, ())), "")


def _plain(dn: str) -> str:
    return re.sub(r"\s*([,=+])\s*", r"\1", dn.strip().lower())


def _entries(text: str) -> Iterator[Entry]:
    entry: dict[str, list[str]] = {}
    for number, line in _lines(text):
        if not line:
            if entry:
                yield entry
            entry = {}
            continue
        name, separator, value = line.partition(":")
        name = name.strip().lower().partition(";")[0]
        if not separator or not name:
            raise ValueError(f"is no LDIF at line {number}")
        if name == "version" and not entry:
            continue
        if name == "changetype":
            raise ValueError(f"says changes at line {number}, and no entries")
        if not entry and name != "dn":
            raise ValueError(f"has an entry without dn at line {number}")
        entry.setdefault(name, []).append(_value(value, number))
    if entry:
        yield entry


def _value(said: str, number: int) -> str:
    if said.startswith("<"):
        return ""  # a file or an address: nothing is fetched
    if not said.startswith(":"):
        return said.strip()
    try:
        return base64.b64decode(said[1:].strip(), validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise ValueError(f"has a value that is not base64 at line {number}") from error


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers: folded ones whole, comments left out."""
    held, first, pieces = False, 0, []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" ") and held:
            pieces.append(line[1:])
            continue
        if held:
            yield first, "".join(pieces)
        held = not line.startswith("#")
        first, pieces = number, [line.rstrip()]
    if held:
        yield first, "".join(pieces)
