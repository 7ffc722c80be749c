"""A workspace of Linear, over real HTTP and GraphQL: tickets as incidents and as changes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said, Server, answering
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.linear import CONNECTOR
from reperform.connectors.settings import Access
from vendor import half

pytestmark = pytest.mark.enable_socket

KEY = "lin_api_0123456789abcdef"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))


@dataclass
class Linear:
    """What a workspace holds; `said` is given first, one after the other."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    moves: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    size: int = 2
    server: Server = field(default_factory=lambda: Server(""))
    waits: list[float] = field(default_factory=list)

    def answer(self, _: str, __: int) -> Said:
        if self.said:
            return self.said.pop(0)
        body = json.loads(self.server.asked[-1][3])
        variables = body.get("variables", {})
        if "viewer" in body["query"]:
            return Said({"data": {"viewer": {"id": "u-r"}}})
        if "id" in variables:
            history = self._page(self.moves.get(variables["id"], []), variables)
            return Said({"data": {"issue": {"history": history}}})
        wanted = set(variables["filter"]["labels"]["some"]["name"]["in"])
        found = [one for one in self.tickets if wanted & {n["name"] for n in labels_of(one)}]
        return Said({"data": {"issues": self._page(found, variables)}})

    def _page(self, found: list[Any], variables: dict[str, Any]) -> dict[str, Any]:
        begin = int(variables.get("after") or 0)
        end = begin + self.size
        more = {"hasNextPage": end < len(found), "endCursor": str(end)}
        return {"nodes": found[begin:end], "pageInfo": more}


def labels_of(one: dict[str, Any]) -> list[dict[str, Any]]:
    return list(one["labels"]["nodes"])


@contextmanager
def served() -> Iterator[Linear]:
    linear = Linear()
    with answering(linear.answer) as server:
        linear.server = server
        yield linear


@pytest.fixture
def linear() -> Iterator[Linear]:
    with served() as found:
        yield found


def who(name: str) -> dict[str, Any]:
    return {"id": f"u-{name}", "email": f"{name}@larkspur.example", "name": name.title()}


def ticket(
    linear: Linear, number: int, status: str, *moves: tuple[str, str, str], **more: object
) -> None:
    """Write an incident by ana; each move is who, when on 2 March, and into which status."""
    found = {
        "id": f"i-{number}",
        "identifier": f"OPS-{number}",
        "title": f"Ticket {number}",
        "createdAt": "2026-03-02T08:00:00.000Z",
        "priorityLabel": "Urgent",
        "state": {"name": status},
        "creator": who("ana"),
        "assignee": who("bob"),
        "labels": {"nodes": [{"name": "Incident"}], "pageInfo": {"hasNextPage": False}},
    }
    linear.tickets.append({**found, **more})
    linear.moves[f"i-{number}"] = [
        {
            "id": str(place),
            "createdAt": f"2026-03-02T{at}:00.000Z",
            "actor": who(name),
            "toState": {"name": to} if to else None,
        }
        for place, (name, at, to) in enumerate(moves)
    ]


def access(linear: Linear, **more: object) -> Access:
    settings = {
        "workspace": "larkspur",
        "address": f"{linear.server.address}/graphql",
        "incident_labels": ["Incident"],
        "change_labels": ["Change", "Incident"],
        "is_priority_severity": True,
        "acknowledged": ["Started"],
        "resolved": ["Done"],
        "approved": ["Approved"],
        "applied": ["Done"],
        **more,
    }
    return Access(settings, {"key": KEY}, wait=linear.waits.append)


def collected(tmp_path: Path, linear: Linear, stream: str, **more: object) -> Collected:
    asked = CONNECTOR.questions(access(linear, **more), MARCH)
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def test_an_incident_says_when_it_was_taken_and_when_it_was_over(
    tmp_path: Path, linear: Linear
) -> None:
    """By the statuses that were named; its history comes in pages of its own."""
    ticket(
        linear,
        1,
        "Done",
        ("bob", "09:00", "Started"),
        ("bob", "09:30", ""),
        ("bob", "11:00", "Done"),
    )

    found = collected(tmp_path, linear, "linear/incidents")

    assert found.outcome == "complete"
    assert found.of("population.incidents") == [
        {
            "system": "linear larkspur",
            "occurred_at": "2026-03-02 08:00:00",
            "incident_uid": "OPS-1",
            "title": "Ticket 1",
            "severity": "urgent",
            "is_security": None,
            "detected_at": None,
            "acknowledged_at": "2026-03-02 09:00:00",
            "resolved_at": "2026-03-02 11:00:00",
            "status": "Done",
            "assignee": "bob@larkspur.example",
        }
    ]
    assert found.covers["population.incidents"] == Cover(date(2026, 3, 1), date(2026, 3, 4))
    assert {path for _, path, _, _ in linear.server.asked} == {"/graphql"}


def test_the_priority_is_the_severity_only_where_somebody_says_so(
    tmp_path: Path, linear: Linear
) -> None:
    ticket(linear, 1, "Open")

    found = collected(tmp_path, linear, "linear/incidents", is_priority_severity=None)

    assert found.of("population.incidents")[0]["severity"] is None


def test_a_change_was_approved_by_who_moved_it_there(tmp_path: Path, linear: Linear) -> None:
    """Before it came into effect, and not by its author."""
    ticket(linear, 1, "Done", ("cy", "09:00", "Approved"), ("bob", "11:00", "Done"))
    ticket(linear, 2, "Done", ("ana", "09:00", "Approved"), ("bob", "11:00", "Done"))
    ticket(linear, 3, "Open")

    found = collected(tmp_path, linear, "linear/changes")

    said = [(row["change_uid"], row["approvals"]) for row in found.of("population.changes")]
    assert said == [("OPS-1", 1), ("OPS-2", 0)]


def test_tickets_of_every_page_are_there_and_others_are_not(tmp_path: Path, linear: Linear) -> None:
    """Those of other labels and other days are left."""
    for number in range(1, 6):
        ticket(linear, number, "Open")
    ticket(linear, 6, "Open", createdAt="2026-02-28T23:59:59.000Z")
    other = {"nodes": [{"name": "Bug"}], "pageInfo": {"hasNextPage": False}}
    ticket(linear, 7, "Open", labels=other)

    found = collected(tmp_path, linear, "linear/incidents")

    assert len(found.of("population.incidents")) == 5
    assert b"2026-03-01T00:00:00.000Z" in linear.server.asked[0][3]


def more(cursor: object) -> Said:
    nodes = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": cursor}}
    return Said({"data": {"issues": nodes}})


ERRORS = [{"message": f"Authentication required {KEY}", "extensions": {"code": "AUTH"}}]
BROKEN = {
    "an answer in part": (
        [Said({"data": {"issues": None}, "errors": [{"message": "too complex"}]})],
        "answered in part",
    ),
    "a key that is not taken": ([Said({"errors": ERRORS}, 400)], "400 AUTH; Authentication"),
    "a page without a cursor": ([more(None)], "there is no cursor"),
    "a page twice": ([more("7"), more("7")], "names a page that was read already"),
    "a page that does not say": (
        [Said({"data": {"issues": {"nodes": []}}})],
        "does not say whether it is the last",
    ),
    "no list": ([Said({"data": {}})], "does not say whether it is the last"),
    "half an answer": ([Said(half({"data": "x" * 50}))], "is not whole JSON"),
    "labels that are not all there": (
        [Said({"data": {"issues": {"nodes": [{"labels": {"pageInfo": {"hasNextPage": True}}}]}}})],
        "more labels than are read",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(
    tmp_path: Path, linear: Linear, case: str
) -> None:
    """Never a shorter list of tickets; and never the key."""
    linear.said, words = list(BROKEN[case][0]), BROKEN[case][1]

    found = collected(tmp_path, linear, "linear/incidents")

    assert (found.outcome, found.rows) == ("refused", [])
    assert words in found.collection.reason
    assert KEY not in found.collection.reason


def test_a_limit_that_is_told_as_a_bad_request_is_waited_for(
    tmp_path: Path, linear: Linear
) -> None:
    """Linear says 400 and RATELIMITED; the key goes in a header and nowhere else."""
    limit = {"message": "Rate limit exceeded", "extensions": {"code": "RATELIMITED"}}
    linear.said = [Said({"errors": [limit]}, status=400)]
    ticket(linear, 1, "Open")

    assert collected(tmp_path, linear, "linear/incidents").outcome == "complete"

    assert linear.waits == [1.0]
    assert {headers["authorization"] for _, _, headers, _ in linear.server.asked} == {KEY}
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert KEY.encode() not in kept
    assert KEY not in "".join(path + body.decode() for _, path, _, body in linear.server.asked)


def test_the_check_says_whether_the_key_reads(linear: Linear) -> None:
    said = checked(CONNECTOR, access(linear))

    assert (said.reached, said.findings[0].grant) == ("linear larkspur", Grant.GRANTED)
    linear.said = [Said({"errors": ERRORS}, 400)]
    assert checked(CONNECTOR, access(linear)).findings[0].grant is Grant.DENIED
