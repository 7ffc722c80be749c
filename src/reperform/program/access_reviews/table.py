"""A table of accounts: which column says what, guessed from the header, corrected by the user."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from reperform.base.grid import Grid, GridRow
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.access_reviews.accounts import AccountLine

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "key": "Account (what tells accounts apart)",
        "name": "Name of the person",
        "email": "E-mail address",
        "access": "Roles, groups or rights",
        "privileged": "Privileged (yes or no)",
        "enabled": "Enabled (yes or no)",
        "last_used": "Last used",
    }
)
"""Field -> its label.  The first is needed."""
_NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "key": frozenset(
            [
                "account",
                "accountname",
                "user",
                "username",
                "userid",
                "login",
                "loginname",
                "uid",
                "id",
                "samaccountname",
                "principal",
                "userprincipalname",
                "key",
            ]
        ),
        "name": frozenset(["name", "fullname", "displayname", "person", "realname"]),
        "email": frozenset(["email", "emailaddress", "mail", "primaryemail"]),
        "access": frozenset(
            [
                "role",
                "roles",
                "group",
                "groups",
                "access",
                "permission",
                "permissions",
                "right",
                "rights",
                "teams",
                "team",
                "profile",
                "orgrole",
            ]
        ),
        "privileged": frozenset(["privileged", "admin", "isadmin", "administrator", "superuser"]),
        "enabled": frozenset(
            ["enabled", "active", "status", "state", "isactive", "accountenabled"]
        ),
        "last_used": frozenset(
            [
                "lastused",
                "lastlogin",
                "lastlogon",
                "lastsignin",
                "lastseen",
                "lastactive",
                "lastactivity",
                "lastlogindate",
            ]
        ),
    }
)
"""Field -> headers that mean it, in letters only."""
_YES = frozenset(["yes", "true", "1", "on", "active", "enabled"])
_NO = frozenset(
    [
        "no",
        "false",
        "0",
        "off",
        "inactive",
        "disabled",
        "suspended",
        "deactivated",
        "locked",
        "deprovisioned",
    ]
)
_NEVER = frozenset(("never", "never logged in", "never used"))
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.,]*\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?", re.ASCII)
LONGEST_KEY, LONGEST_ACCESS = 300, 4_000
SLUG = "account-row"


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return the columns by field; a field that no column is named for is left out.

    >>> guess(["Login", "Full name", "Org role", "Last sign-in (UTC)"])
    {'key': 0, 'name': 1, 'access': 2, 'last_used': 3}
    """
    found: dict[str, int] = {}
    for field, names in _NAMES.items():
        for at, title in enumerate(header):
            plain = re.sub(r"[^a-z]", "", title.partition("(")[0].lower())
            if plain in names and at not in found.values():
                found[field] = at
                break
    if "key" not in found and "email" in found:
        found["key"] = found["email"]  # an address tells accounts apart as well
    return found


def read_mapping(said: Mapping[str, object], columns: int) -> dict[str, int]:
    """Return the columns that a user chose; what names no column is left out."""
    found: dict[str, int] = {}
    for field in FIELDS:
        at = str(said.get(field, ""))
        if re.fullmatch(r"\d{1,3}", at, re.ASCII) and int(at) < columns:
            found[field] = int(at)
    return found


def read_table(grid: Grid, mapping: Mapping[str, int]) -> tuple[list[AccountLine], list[Problem]]:
    """Return the accounts of a table, and what cannot be read, by row and field."""
    if "key" not in mapping:
        todo = "choose the column that tells accounts apart"
        return [], [Problem(f"{grid.name}: row 1", "no column names accounts", todo, SLUG)]
    accounts, problems = [], []
    for number, row in enumerate(grid.rows, start=1):
        account, wrong = _read_row(grid.name, row, number, mapping)
        accounts.append(account)
        problems += wrong
    return accounts, problems


def _read_row(
    file: str, row: GridRow, number: int, mapping: Mapping[str, int]
) -> tuple[AccountLine, list[Problem]]:
    said = {name: row.cells[at] if at < len(row.cells) else "" for name, at in mapping.items()}
    wrong: list[tuple[str, str, str]] = []
    if not said["key"] or len(said["key"]) > LONGEST_KEY:
        what = f"has more than {LONGEST_KEY} characters" if said["key"] else "is empty"
        wrong.append(("key", what, "correct the list"))
    flags: dict[str, bool | None] = {}
    for name in ("privileged", "enabled"):
        word = said.get(name, "").casefold()
        flags[name] = True if word in _YES else False if word in _NO else None
        if word and flags[name] is None:
            what = f"is {visible(word, limit=40)}, which is neither yes nor no"
            wrong.append((name, what, "choose another column, or none"))
    used = said.get("last_used", "")
    last_used = None
    if used and used.casefold() not in _NEVER:
        last_used = day_of(used)
        if last_used is None:
            wrong.append(("last_used", f"is {visible(used, limit=40)}, no day", "write 2026-12-31"))
    account = AccountLine(
        row=number,
        key=visible(said["key"], limit=LONGEST_KEY),
        name=visible(said.get("name", ""), limit=300),
        email=visible(said.get("email", ""), limit=320).lower(),
        access=visible(said.get("access", ""), limit=LONGEST_ACCESS),
        privileged=flags["privileged"],
        enabled=flags["enabled"],
        last_used=last_used,
        never_used=used.casefold() in _NEVER,
    )
    where = f"{file}: row {row.number}"
    return account, [
        Problem(f"{where}: {FIELDS[name]}", what, todo, SLUG) for name, what, todo in wrong
    ]


def day_of(said: str) -> date | None:
    """Return the day of a date or a time as ISO 8601 has them; None when it is neither.

    >>> day_of("2026-01-31T17:00:00+00:00"), day_of("31.1.2026")
    (datetime.date(2026, 1, 31), None)
    """
    found = _DAY.fullmatch(said.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
