"""Users as a SCIM service answers them.  Source: RFC 7643 (users), RFC 7644, section 3.4.2."""

import json
from collections.abc import Mapping
from typing import Any

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.access_reviews.accounts import AccountLine
from reperform.program.access_reviews.table import SLUG

_LISTED = ("groups", "roles", "entitlements")


def is_scim(text: str) -> bool:
    """Return whether a text is JSON, and so can only be users of SCIM."""
    return text.lstrip()[:1] in ("{", "[")


def read_scim(text: str) -> tuple[list[AccountLine], list[Problem]]:
    """Return the users of a list response, of a JSON array, or of one resource.

    Raises:
        ValueError: it is no JSON, no list of users, or only a page of a longer list.
    """
    said = json.loads(text)
    users = said
    if isinstance(said, dict):
        users = said.get("Resources", [said] if "userName" in said else None)
        total = said.get("totalResults")
        if isinstance(total, int) and isinstance(users, list) and total > len(users):
            raise ValueError(f"is one page: {len(users)} of {total} users")
    if not isinstance(users, list):
        raise ValueError("is JSON without users of SCIM")  # noqa: TRY004 - a value of the file
    accounts, problems = [], []
    for number, user in enumerate(users, start=1):
        name = user.get("userName") if isinstance(user, dict) else None
        if not isinstance(name, str) or not name.strip():
            what = "has no userName"
            problems.append(Problem(f"user {number}", what, "take users, not groups", SLUG))
        else:
            accounts.append(_account(number, name.strip(), user))
    return accounts, problems


def _account(number: int, key: str, user: Mapping[str, Any]) -> AccountLine:
    active = user.get("active")
    access = [_label(each) for field in _LISTED for each in _list(user.get(field))]
    return AccountLine(
        row=number,
        key=visible(key, limit=300),
        name=visible(_name(user), limit=300),
        email=visible(_email(user), limit=320).lower(),
        access=visible(", ".join(filter(None, access)), limit=4_000),
        enabled=active if isinstance(active, bool) else None,
    )


def _list(said: object) -> list[Any]:
    return said if isinstance(said, list) else []


def _label(said: object) -> str:
    if isinstance(said, dict):
        said = said.get("display") or said.get("value")
    return said if isinstance(said, str) else ""


def _name(user: Mapping[str, Any]) -> str:
    name = user.get("name")
    parts = name if isinstance(name, dict) else {}
    whole = [parts.get("givenName"), parts.get("familyName")]
    found = user.get("displayName") or " ".join(each for each in whole if isinstance(each, str))
    found = found or parts.get("formatted")
    return found if isinstance(found, str) else ""


def _email(user: Mapping[str, Any]) -> str:
    """Return the primary address, else the first of work, else the only one."""
    emails = [each for each in _list(user.get("emails")) if isinstance(each, dict)]
    ranked = sorted(emails, key=lambda e: (e.get("primary") is not True, e.get("type") != "work"))
    found = ranked[0].get("value") if ranked else ""
    return found if isinstance(found, str) else ""
