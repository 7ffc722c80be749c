"""A company with some of everything, its administrator's browser and program, and hostile texts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from api.conftest import Program
from grown import Size, grow
from reperform.accounts.actions.tokens import make_token
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role, granted
from web.conftest import larkspur, member, signed_in, stranger
from web.examined import results

__all__ = ["larkspur", "member", "signed_in", "stranger"]

AT = datetime.now(UTC) - timedelta(minutes=1)
SHARED = Path(__file__).parents[3] / "shared" / "data" / "webinput"
OWN = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "javascript:alert(1)",
    '=HYPERLINK("http://x.example","y")',
    "\u202egnp.exe",
    "\u2028\u2029\ufeff\u0000".replace("\u0000", ""),
    "'; DROP TABLE accounts_user; --",
    "../../../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
]
"""For where the shared lists are not beside the checkout."""


def naughty() -> list[str]:
    """Return every hostile string: our own, and those of the lists where they are."""
    found = list(OWN)
    if (SHARED / "blns").is_dir():
        found += json.loads((SHARED / "blns" / "blns.json").read_text("utf-8"))
        found += (SHARED / "csv-injection" / "csv-payload.txt").read_text("utf-8").splitlines()
    return [each for each in found if each.strip()]


def packed(strings: list[str], longest: int) -> list[str]:
    """Return the strings joined by blanks into as few texts of at most `longest` as it takes."""
    found: list[str] = []
    for each in strings:
        if found and len(found[-1]) + len(each) < longest:
            found[-1] += " " + each
        else:
            found.append(each[:longest])
    return found


def put_away(answer: Any) -> None:  # noqa: ANN401 - a response
    """Close an answer, and not the database with it, on whose connection the test still is."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


@pytest.fixture
def company(larkspur: Organization) -> Organization:
    grow(larkspur, Size(), results=results(), at=AT)
    return larkspur


@pytest.fixture
def browser(
    company: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> Client:
    assert company.slug
    client = signed_in(member(Role.ADMINISTRATOR))
    client.raise_request_exception = False
    return client


@pytest.fixture
def caller(company: Organization, member: Callable[[Role], User]) -> Program:
    assert company.slug
    return Program(_secret(member(Role.ADMINISTRATOR).memberships.get()))


@pytest.fixture
def elsewhere(stranger: User) -> Organization:
    """Another organization, which has more of everything, so that its numbers are its own."""
    other = stranger.memberships.get().organization
    grow(other, Size().times(3), results=results(), at=AT)
    return other


def _secret(membership: Membership) -> str:
    return make_token(
        membership=membership,
        name="hostile",
        scopes=granted(Role.ADMINISTRATOR),
        days=7,
        by="test",
        at=AT,
    )[1]
