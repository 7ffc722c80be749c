"""A service that speaks SCIM 2.0, over real HTTP: users and groups."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.scim import CONNECTOR
from reperform.connectors.settings import Access
from vendor import Query, Vendor, half, vending

pytestmark = pytest.mark.enable_socket

TOKEN = "scim-0123456789abcdef"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
BASE = "/scim/v2"
DENIED = Said({"detail": "You may not read groups", "status": "403"}, status=403)


def page(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page by index, as RFC 7644 has it."""
    assert path.startswith(BASE)
    begin = int(query.get("startIndex", "1"))
    size = min(vendor.size, int(query.get("count", "100")))
    given = found[begin - 1 : begin - 1 + size]
    body: dict[str, Any] = {"schemas": [LIST], "totalResults": len(found) + vendor.more}
    if given:
        body |= {"Resources": given, "startIndex": begin, "itemsPerPage": len(given)}
    return Said(body)


def by_cursor(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page by cursor, as RFC 9865 has it; who asks by index gets the first."""
    assert path.startswith(BASE)
    begin = int(query.get("cursor", "0"))
    end = begin + vendor.size
    body: dict[str, Any] = {"schemas": [LIST], "Resources": found[begin:end]}
    return Said(body | {"nextCursor": str(end) if end < len(found) else ""})


@pytest.fixture
def scim() -> Iterator[Vendor]:
    with vending(page) as found:
        fill(found)
        yield found


def fill(found: Vendor) -> None:
    found.paths[f"{BASE}/Users"] = [user("ana"), user("bob", active=False), user("cy")]
    found.paths[f"{BASE}/Groups"] = [
        {
            "id": "g-1",
            "displayName": "Admins",
            "members": [
                {"value": "u-ana", "display": "Ana", "type": "User"},
                {"value": "g-2", "$ref": "https://x/scim/v2/Groups/g-2"},
            ],
        },
        {"id": "g-2", "displayName": "Nobody"},
    ]


def user(name: str, **more: object) -> dict[str, Any]:
    found = {
        "id": f"u-{name}",
        "userName": f"{name}@larkspur.example",
        "displayName": name.title(),
        "active": True,
        "emails": [
            {"value": "home@example.org", "type": "home"},
            {"value": f"{name.title()}@larkspur.example", "type": "work"},
        ],
        "meta": {"created": "2025-01-01T00:00:00Z", "resourceType": "User"},
        "urn:example:new": {"a": "field"},
    }
    return {**found, **more}


def access(scim: Vendor, *privileged: str) -> Access:
    settings = {
        "service": "chat",
        "address": f"{scim.server.address}{BASE}",
        "privileged": list(privileged),
    }
    return scim.access(settings, {"token": TOKEN})


def collected(tmp_path: Path, scim: Vendor, *privileged: str) -> Collected:
    (question,) = CONNECTOR.questions(access(scim, *privileged), Asking(NOON))
    return put(question, CONNECTOR.stream("scim/access").source, tmp_path, NOON)


def test_accounts_and_groups_are_those_that_the_service_shows(tmp_path: Path, scim: Vendor) -> None:
    """Over several pages; second factors and last use are not known."""
    found = collected(tmp_path, scim)

    assert found.outcome == "complete"
    rows = found.of("population.accounts")
    assert [(row["account_uid"], row["is_enabled"], row["email"]) for row in rows] == [
        ("u-ana", True, "ana@larkspur.example"),
        ("u-bob", False, "bob@larkspur.example"),
        ("u-cy", True, "cy@larkspur.example"),
    ]
    assert {(row["system"], row["is_privileged"]) for row in rows} == {("scim chat", None)}
    groups = [
        (row["group_name"], row.get("member_uid"), row.get("member_kind"))
        for row in found.of("population.groups")
    ]
    assert groups == [
        ("Admins", "u-ana", "account"),
        ("Admins", "g-2", "group"),
        ("Nobody", None, None),
    ]
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}
    assert all("excludedAttributes=phoneNumbers" in path for path in scim.asked if "Users" in path)


def test_what_makes_powerful_is_what_somebody_named(tmp_path: Path, scim: Vendor) -> None:
    """By a group, a role or an entitlement, whichever case it is written in."""
    scim.paths[f"{BASE}/Users"][2]["roles"] = [{"value": "Owner"}]

    found = collected(tmp_path, scim, "admins", "OWNER")

    said = {
        row["account_uid"]: (row["is_privileged"], row["privileges"])
        for row in found.of("population.accounts")
    }
    assert said == {"u-ana": (True, "Admins"), "u-bob": (False, None), "u-cy": (True, "Owner")}


def test_groups_that_are_denied_leave_open_who_is_powerful(tmp_path: Path, scim: Vendor) -> None:
    """With the words of the service; the accounts are there all the same."""
    scim.refused[f"{BASE}/Groups"] = DENIED

    found = collected(tmp_path, scim, "Admins")

    assert found.outcome == "partial"
    assert "403 You may not read groups" in found.collection.reason
    assert {row["is_privileged"] for row in found.of("population.accounts")} == {None}
    assert found.covers["population.accounts"].last == NOON.date()
    assert found.covers["population.groups"].last is None


def test_a_service_that_says_that_it_has_no_groups_is_whole_without_them(
    tmp_path: Path, scim: Vendor
) -> None:
    """That is a fact, and no refusal."""
    scim.paths[f"{BASE}/ResourceTypes"] = [{"id": "User", "endpoint": "/Users"}]

    found = collected(tmp_path, scim, "Owner")

    assert (found.outcome, found.of("population.groups")) == ("complete", [])
    assert {row["is_privileged"] for row in found.of("population.accounts")} == {False}
    assert not any("/Groups" in path for path in scim.asked)


def test_a_service_without_anybody_is_empty_and_vouched_for(tmp_path: Path, scim: Vendor) -> None:
    """It leaves the list out then; the number says that there is none."""
    scim.paths = {f"{BASE}/Users": [], f"{BASE}/Groups": []}

    found = collected(tmp_path, scim)

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["population.accounts"].last == NOON.date()


def test_a_service_with_cursors_is_followed_by_them(tmp_path: Path) -> None:
    """Whatever index was asked for at first.  Source: RFC 9865."""
    with vending(by_cursor) as scim:
        fill(scim)
        found = collected(tmp_path, scim)

    assert (found.outcome, len(found.of("population.accounts"))) == ("complete", 3)


def listed(total: object, *names: str, **more: object) -> Said:
    return Said({"totalResults": total, "Resources": [user(name) for name in names], **more})


BROKEN = {
    "fewer than announced": ([listed(3, "ana"), listed(3)], "there are 3, and gave 1"),
    "an ignored index": ([listed(2, "ana"), listed(2, "ana")], "u-ana was given twice"),
    "a list that moves": ([listed(4, "ana", "bob"), listed(3, "cy")], "there were 4, and now"),
    "no number": ([listed("3", "ana")], "is no list of SCIM"),
    "no list": ([Said({"totalResults": 1, "Resources": {}})], "is no list of SCIM"),
    "half an answer": ([Said(half({"totalResults": 1, "x": "x" * 50}))], "is not whole JSON"),
    "a token that is not taken": ([Said({"detail": f"Bad {TOKEN}"}, 401)], "401 Bad [secret]"),
    "a page that is denied": ([listed(3, "ana"), DENIED], "page 2: 403"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, scim: Vendor, case: str) -> None:
    """Never a shorter list; and never the token."""
    said, words = BROKEN[case]
    scim.said[f"{BASE}/Users"] = list(said)

    found = collected(tmp_path, scim)

    assert (found.outcome, found.rows) == ("refused", [])
    assert words in found.collection.reason
    assert TOKEN not in found.collection.reason


def test_it_waits_and_its_token_goes_in_a_header_and_nowhere_else(
    tmp_path: Path, scim: Vendor
) -> None:
    """Not into an address, nor into what is kept."""
    scim.said[f"{BASE}/Users"] = [Said({}, 429, {"Retry-After": "4"})]

    assert collected(tmp_path, scim).outcome == "complete"

    assert scim.waits == [4.0]
    assert {headers["authorization"] for _, _, headers, _ in scim.server.asked} == {
        f"Bearer {TOKEN}"
    }
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept
    assert TOKEN not in scim.sent


def test_the_check_says_what_is_shown_and_what_is_denied(scim: Vendor) -> None:
    scim.refused[f"{BASE}/Groups"] = DENIED

    said = checked(CONNECTOR, access(scim))

    assert said.reached == "scim chat"
    assert [finding.grant for finding in said.findings] == [Grant.GRANTED, Grant.DENIED]


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, scim: Vendor) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    strange = user("ana", displayName=[], active="yes", emails="none", meta=3)
    named = {"userName": "\ud800" + "x" * 900, "name": {"givenName": 7}}
    scim.paths[f"{BASE}/Users"] = [strange | named]

    (row,) = collected(tmp_path, scim).of("population.accounts")

    assert row["account"].startswith("\\ud800x")
    assert {row[name] for name in ("full_name", "is_enabled", "email", "created_at")} == {None}
