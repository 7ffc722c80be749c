"""A site of Jira Cloud, over real HTTP: tickets as incidents and as changes."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.jira import CONNECTOR
from reperform.connectors.settings import Access
from vendor import Query, Vendor, half, vending

pytestmark = pytest.mark.enable_socket

TOKEN = "ATATT0123456789abcdef"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))
SEARCH = "/rest/api/3/search/jql"
MEANINGS = {
    "acknowledged": ["In progress"],
    "resolved": ["Done", "Closed"],
    "security_labels": ["security"],
    "approved": ["Approved"],
    "applied": ["Live"],
    "emergency_labels": ["hotfix"],
    "change_kind": "infrastructure",
    "severity_field": "priority",
    "detected_field": "customfield_7",
}


def page(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page of a search by token, or of a history by place."""
    key = "issues" if path == SEARCH else "values"
    begin = int(query.get("nextPageToken") or query.get("startAt", "0"))
    end = begin + vendor.size
    body: dict[str, Any] = {key: found[begin:end], "isLast": end >= len(found)}
    if key == "values":
        body |= {"startAt": begin, "total": len(found) + vendor.more}
    elif end < len(found):
        body["nextPageToken"] = str(end)
    return Said(body)


@pytest.fixture
def jira() -> Iterator[Vendor]:
    with vending(page) as found:
        found.paths[SEARCH] = []
        found.paths["/rest/api/3/project/search"] = {"total": 3, "values": [{"key": "OPS"}]}
        yield found


def who(name: str) -> dict[str, Any]:
    return {"accountId": f"a-{name}", "displayName": name.title()}


def ticket(
    jira: Vendor, number: int, status: str, *moves: tuple[str, str, str], **more: object
) -> None:
    """Write a ticket by ana; each move is who, when on 2 March, and into which status."""
    fields = {
        "summary": f"Ticket {number}",
        "created": "2026-03-02T08:00:00.000+0000",
        "status": {"name": status},
        "reporter": who("ana"),
        "assignee": who("bob"),
        "labels": [],
        "priority": {"name": "High"},
        "aFieldThatIsNew": {"of": "tomorrow"},
    }
    jira.paths[SEARCH] += [
        {"id": str(number), "key": f"OPS-{number}", "fields": {**fields, **more}}
    ]
    jira.paths[f"/rest/api/3/issue/{number}/changelog"] = [
        {
            "id": str(place),
            "author": who(name),
            "created": f"2026-03-02T{at}:00.000+0100",
            "items": [
                {"field": "rank", "fieldId": "customfield_1", "toString": "x"},
                {"field": "status", "fieldId": "status", "toString": to},
            ],
        }
        for place, (name, at, to) in enumerate(moves)
    ]


def access(jira: Vendor, **more: object) -> Access:
    settings = {
        "address": jira.server.address,
        "email": "r@larkspur.example",
        "incidents_jql": "type = Incident",
        "changes_jql": "type = Change",
        **MEANINGS,
        **more,
    }
    return jira.access(settings, {"token": TOKEN})


def collected(tmp_path: Path, jira: Vendor, stream: str, **more: object) -> Collected:
    asked = CONNECTOR.questions(access(jira, **more), MARCH)
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def test_an_incident_says_when_it_was_taken_and_when_it_was_over(
    tmp_path: Path, jira: Vendor
) -> None:
    """By the statuses that were named, and by the clock of UTC."""
    ticket(
        jira,
        1,
        "Done",
        ("bob", "10:00", "In Progress"),
        ("bob", "12:00", "Done"),
        labels=["Security"],
        customfield_7="2026-03-02T07:30:00.000+0000",
    )

    found = collected(tmp_path, jira, "jira/incidents")

    assert found.of("population.incidents") == [
        {
            "system": "jira 127.0.0.1",
            "occurred_at": "2026-03-02 08:00:00",
            "incident_uid": "OPS-1",
            "title": "Ticket 1",
            "severity": "high",
            "is_security": True,
            "detected_at": "2026-03-02 07:30:00",
            "acknowledged_at": "2026-03-02 09:00:00",
            "resolved_at": "2026-03-02 11:00:00",
            "status": "Done",
            "assignee": "Bob",
        }
    ]
    assert found.covers["population.incidents"] == Cover(date(2026, 3, 1), date(2026, 3, 4))


RESOLVED = [
    ("Open", [("bob", "10:00", "Done"), ("bob", "11:00", "Open")], None),
    ("Closed", [("bob", "10:00", "Done"), ("bob", "12:00", "Closed")], "2026-03-02 09:00:00"),
    (
        "Done",
        [("bob", "10:00", "Done"), ("bob", "11:00", "Open"), ("bob", "13:00", "Done")],
        "2026-03-02 12:00:00",
    ),
    ("Done", [], None),
]


@pytest.mark.parametrize(("status", "moves", "expected"), RESOLVED)
def test_an_incident_that_was_opened_again_was_not_over(
    tmp_path: Path,
    jira: Vendor,
    status: str,
    moves: list[tuple[str, str, str]],
    expected: str | None,
) -> None:
    """From one end to another it stays over; one that began at its end has no time of it."""
    ticket(jira, 1, status, *moves)

    (row,) = collected(tmp_path, jira, "jira/incidents").of("population.incidents")

    assert row["resolved_at"] == expected


def test_what_nobody_named_is_not_guessed(tmp_path: Path, jira: Vendor) -> None:
    """A status called Done means nothing, nor does a field called priority."""
    nothing = {name: "" if "field" in name else [] for name in MEANINGS}
    ticket(jira, 1, "Done", ("bob", "10:00", "In Progress"), ("bob", "11:00", "Done"))

    incidents = collected(tmp_path, jira, "jira/incidents", **nothing)
    changes = collected(tmp_path, jira, "jira/changes", **nothing)

    (row,) = incidents.of("population.incidents")
    silent = ("severity", "is_security", "detected_at", "acknowledged_at", "resolved_at")
    assert {row[name] for name in silent} == {None}
    assert changes.rows == []
    assert "name one in the connection's settings" in changes.covers["population.changes"].missing


CHANGED = [
    ([("cy", "10:00", "Approved"), ("bob", "11:00", "Live")], (1, "Cy", "Bob")),
    ([("ana", "10:00", "Approved"), ("bob", "11:00", "Live")], (0, None, "Bob")),
    ([("bob", "11:00", "Live")], (0, None, "Bob")),
    (
        [("cy", "09:00", "Approved"), ("ana", "10:00", "Open"), ("bob", "11:00", "Live")],
        (0, None, "Bob"),
    ),
    ([("bob", "11:00", "Live"), ("cy", "12:00", "Live")], (0, None, "Bob")),
    ([], (None, None, None)),
]


@pytest.mark.parametrize(("moves", "expected"), CHANGED)
def test_a_change_was_approved_by_who_moved_it_there_and_was_not_its_author(
    tmp_path: Path,
    jira: Vendor,
    moves: list[tuple[str, str, str]],
    expected: tuple[int | None, str | None, str | None],
) -> None:
    """Before it came into effect, and not taken back; without its moves, nothing is known."""
    ticket(jira, 1, "Live", *moves, labels=["hotfix"])

    (row,) = collected(tmp_path, jira, "jira/changes").of("population.changes")

    assert (row["approvals"], row["approved_by"], row["applied_by"]) == expected
    assert (row["kind"], row["is_emergency"]) == ("infrastructure", True)


def test_tickets_of_every_page_are_there_and_those_of_other_days_are_not(
    tmp_path: Path, jira: Vendor
) -> None:
    """A query can name days by the account's clock only: a day more is asked for."""
    for number in range(1, 6):
        ticket(jira, number, "Open")
    ticket(jira, 6, "Open", created="2026-02-28T23:00:00.000+0000")
    ticket(jira, 7, "Open", created="2026-03-05T00:00:00.000+0000")

    found = collected(tmp_path, jira, "jira/incidents")

    assert (found.outcome, len(found.of("population.incidents"))) == ("complete", 5)
    assert any("updated%20%3E%3D%20%222026-02-28%22" in path for path in jira.asked)
    assert not any("description" in path for path in jira.asked)


def test_no_ticket_is_a_fact_when_it_was_told_to_the_end(tmp_path: Path, jira: Vendor) -> None:
    found = collected(tmp_path, jira, "jira/incidents")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["population.incidents"].last == date(2026, 3, 4)


def test_a_query_that_jira_does_not_understand_is_refused_with_its_words(
    tmp_path: Path, jira: Vendor
) -> None:
    """And vouches for no day."""
    words = "Field 'severty' does not exist"
    jira.refused[SEARCH] = Said({"errorMessages": [words], "warningMessages": []}, status=400)

    found = collected(tmp_path, jira, "jira/incidents")

    assert found.outcome == "partial"
    assert f"400 {words}" in found.collection.reason
    assert not found.covers["population.incidents"].is_whole


def test_moves_that_may_not_be_read_leave_their_times_unknown(tmp_path: Path, jira: Vendor) -> None:
    """And the days are not vouched for, although the ticket is there."""
    ticket(jira, 1, "Done", ("bob", "10:00", "Done"))
    jira.refused["/rest/api/3/issue/1/changelog"] = Said({"errorMessages": ["No"]}, status=403)

    found = collected(tmp_path, jira, "jira/incidents")

    (row,) = found.of("population.incidents")
    assert (row["resolved_at"], row["status"]) == (None, "Done")
    assert not found.covers["population.incidents"].is_whole


MOVES = "/rest/api/3/issue/1/changelog"
BROKEN = {
    "fewer than announced": (MOVES, Said({"values": [], "total": 2, "startAt": 0}), "was read"),
    "a last page that is none": (
        SEARCH,
        Said({"issues": [], "isLast": False}),
        "this is not the last page",
    ),
    "no list": (SEARCH, Said({"tickets": []}), "the answer holds no list in issues"),
    "half an answer": (SEARCH, Said(half({"issues": ["x" * 50]})), "is not whole JSON"),
    "an expired token": (MOVES, Said({"message": f"401 {TOKEN}"}, status=401), "401 [secret]"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, jira: Vendor, case: str) -> None:
    """Never a shorter list of tickets or moves; and never the token."""
    ticket(jira, 1, "Done", ("bob", "10:00", "Done"))
    path, said, words = BROKEN[case]
    jira.refused[path] = said

    found = collected(tmp_path, jira, "jira/incidents")

    assert (found.outcome, found.rows) == ("refused", [])
    assert words in found.collection.reason
    assert TOKEN not in found.collection.reason


def test_it_waits_and_its_credentials_go_in_a_header_and_nowhere_else(
    tmp_path: Path, jira: Vendor
) -> None:
    """Not into an address, nor into what is kept."""
    ticket(jira, 1, "Done", ("bob", "10:00", "Done"))
    jira.said[SEARCH] = [Said({}, 429, {"Retry-After": "11"})]

    assert collected(tmp_path, jira, "jira/incidents").outcome == "complete"

    assert jira.waits == [11.0]
    encoded = base64.b64encode(f"r@larkspur.example:{TOKEN}".encode()).decode()
    assert {headers["authorization"] for _, _, headers, _ in jira.server.asked} == {
        f"Basic {encoded}"
    }
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (TOKEN, encoded):
        assert secret.encode() not in kept
        assert secret not in jira.sent


def test_the_check_puts_each_query_and_says_how_many_projects_are_seen(jira: Vendor) -> None:
    """Jira hides what one may not see: the number is all that shows it."""
    said = checked(CONNECTOR, access(jira))
    jira.refused[SEARCH] = Said({"errorMessages": ["Bad query"]}, status=400)
    wrong = checked(CONNECTOR, access(jira))

    assert said.reached == "jira 127.0.0.1: 3 projects"
    assert said.findings[0].grant is Grant.GRANTED
    assert (wrong.findings[0].grant, "Bad query" in wrong.findings[0].said) == (Grant.DENIED, True)


def test_only_what_a_query_was_given_for_is_asked(jira: Vendor) -> None:
    asked = CONNECTOR.questions(access(jira, changes_jql=""), MARCH)

    assert [one.stream for one in asked] == ["jira/incidents"]
