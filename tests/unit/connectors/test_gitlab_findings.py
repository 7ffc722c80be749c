"""Findings of GitLab's scanners, over real HTTP, page by page of GraphQL."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said, Server, answering
from collected import Collected, put
from reperform.connectors.contract import Asking
from reperform.connectors.gitlab import CONNECTOR
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
TABLE, STREAM = "population.vulnerabilities", "gitlab/weaknesses"


def finding(number: int, state: str, **more: object) -> dict[str, Any]:
    return {
        "id": f"gid://gitlab/Vulnerability/{number}",
        "title": "A weakness",
        "severity": "HIGH",
        "state": state,
        "webUrl": f"https://gitlab.example.org/v/{number}",
        "detectedAt": "2026-01-02T10:00:00Z",
        "project": {"fullPath": "larkspur/app"},
        "identifiers": [{"externalType": "cve", "name": "CVE-2026-0001"}],
        "location": {"dependency": {"version": "1.0", "package": {"name": "left-pad"}}},
        **more,
    }


def page(nodes: list[Any], after: str = "", *, is_last: bool = True) -> dict[str, Any]:
    info = {"hasNextPage": not is_last, "endCursor": after or None}
    return {"data": {"group": {"vulnerabilities": {"nodes": nodes, "pageInfo": info}}}}


PAGES: dict[str | None, Any] = {}


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that answers each cursor with its page."""
    PAGES.clear()

    def answer(path: str, number: int) -> Said:
        assert path == "/api/graphql"
        asked = json.loads(found.asked[number - 1][3])["variables"]
        assert asked["group"] == "larkspur"
        said = PAGES[asked["after"]]
        return said if isinstance(said, Said) else Said(said)

    with answering(answer) as found:
        yield found


def access(server: Server, **more: object) -> Access:
    settings = {"group": "larkspur", "address": server.address, "findings": True, **more}
    return Access(settings, {"token": "glpat-0123456789"})


def collected(tmp_path: Path, server: Server) -> Collected:
    asked = CONNECTOR.questions(access(server), Asking(NOON))
    (question,) = (one for one in asked if one.stream == STREAM)
    return put(question, CONNECTOR.stream(STREAM).source, tmp_path, NOON)


def test_findings_of_every_page_say_what_became_of_them(tmp_path: Path, server: Server) -> None:
    """One that is there twice is one; a severity that is none is not known."""
    dismissed = {
        "dismissedAt": "2026-02-01T00:00:00Z",
        "dismissedBy": {"username": "ana"},
        "dismissalReason": "FALSE_POSITIVE",
    }
    PAGES[None] = page([finding(1, "DETECTED"), finding(2, "CONFIRMED")], "n", is_last=False)
    fixed = finding(3, "RESOLVED", resolvedAt="2026-03-01T00:00:00Z")
    odd = finding(4, "DISMISSED", severity="UNKNOWN", identifiers=[], location=None, **dismissed)
    PAGES["n"] = page([finding(2, "CONFIRMED"), fixed, odd])

    found = collected(tmp_path, server)

    told = ("cve", "severity", "status", "closed_at", "closed_by", "package")
    assert [tuple(row[name] for name in told) for row in found.of(TABLE)] == [
        ("CVE-2026-0001", "high", "open", None, None, "left-pad"),
        ("CVE-2026-0001", "high", "open", None, None, "left-pad"),
        ("CVE-2026-0001", "high", "fixed", "2026-03-01 00:00:00", None, "left-pad"),
        (None, None, "dismissed", "2026-02-01 00:00:00", "ana", None),
    ]
    assert found.covers[TABLE].last == NOON.date()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"data": {"group": None}}, "holds no list"),
        ({"data": None, "errors": [{"message": "Field does not exist"}]}, "answered in part"),
        ({**page([]), "errors": [{"message": "timeout"}]}, "answered in part"),
        (page([], is_last=False), "there is no cursor"),
        (Said({"message": "down"}, status=400), "down"),
    ],
)
def test_findings_that_are_not_whole_are_refused(
    tmp_path: Path, server: Server, said: object, why: str
) -> None:
    """An edition that has none says so, and not that nothing was found."""
    PAGES[None] = said

    found = collected(tmp_path, server)

    assert (found.outcome, found.rows) == ("refused", [])
    assert why in found.collection.reason


def test_findings_that_are_denied_vouch_for_no_day(tmp_path: Path, server: Server) -> None:
    PAGES[None] = Said({"message": "403 Forbidden"}, status=403)

    found = collected(tmp_path, server)

    assert (found.outcome, found.covers[TABLE].last) == ("partial", None)


def test_findings_are_asked_only_where_somebody_says_so(server: Server) -> None:
    asked = CONNECTOR.questions(access(server, findings=None), Asking(NOON))

    assert STREAM not in {one.stream for one in asked}
