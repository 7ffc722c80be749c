"""Audit logs of Kubernetes: one row for each request, by the last of its stages."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from reperform.connectors.contract import Asking
from reperform.connectors.kubernetes import CONNECTOR, SOURCE
from reperform.connectors.settings import Access

API = "population.api_activity"


def event(uid: str = "a", stage: str = "ResponseComplete", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "auditID": uid,
        "stage": stage,
        "verb": "list",
        "requestURI": "/api/v1/namespaces/shop/pods?limit=500",
        "user": {"username": "ada@example.org", "groups": ["system:masters"]},
        "sourceIPs": ["198.51.100.7", "10.0.0.1"],
        "userAgent": "kubectl/v1.32",
        "objectRef": {"resource": "pods", "namespace": "shop", "apiVersion": "v1"},
        "responseStatus": {"code": 200},
        "requestReceivedTimestamp": "2026-03-02T10:00:00.123456Z",
        "stageTimestamp": "2026-03-02T10:00:01.123456Z",
    } | more


def lines(*events: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in events)


def collected(tmp_path: Path, **files: bytes) -> Collected:
    folder = tmp_path / "audit"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    access = Access({"folder": str(folder), "cluster": "prod"}, {})
    (question,) = CONNECTOR.questions(access, Asking(datetime.now().astimezone()))
    return put(question, SOURCE, tmp_path)


def test_a_request_is_a_row(tmp_path: Path) -> None:
    (row,) = collected(tmp_path, log=lines(event())).of(API)

    assert row == {
        "system": "kubernetes prod",
        "event_uid": "a",
        "occurred_at": "2026-03-02 10:00:00",
        "service": "core",
        "operation": "list pods",
        "account": "ada@example.org",
        "account_uid": "ada@example.org",
        "account_kind": "user",
        "is_read_only": True,
        "is_success": True,
        "error": None,
        "resource": "shop",
        "source_ip": "198.51.100.7,10.0.0.1",
        "agent": "kubectl/v1.32",
    }


def test_stages_of_one_request_are_one_row_whatever_their_order(tmp_path: Path) -> None:
    """Also over files, one of them packed; what got no answer yet is not known."""
    received = event(stage="RequestReceived", responseStatus=None)
    found = collected(
        tmp_path,
        first=lines(received, event("b", "RequestReceived", responseStatus=None)),
        second=gzip.compress(lines(event(), received, event("c", "Panic"))),
    )

    said = {row["event_uid"]: row["is_success"] for row in found.of(API)}
    assert said == {"a": True, "b": None, "c": False}


def test_what_was_forbidden_says_why(tmp_path: Path) -> None:
    status = {"code": 403, "reason": "Forbidden", "message": "pods is forbidden"}
    (row,) = collected(tmp_path, log=lines(event(responseStatus=status))).of(API)

    assert (row["is_success"], row["error"]) == (False, "Forbidden: pods is forbidden")


@pytest.mark.parametrize(
    ("verb", "part", "is_read_only"),
    [
        ("get", None, True),
        ("get", "log", True),
        ("get", "exec", False),
        ("create", "exec", False),
        ("delete", None, False),
        ("deletecollection", None, False),
    ],
)
def test_running_a_command_in_a_container_is_no_reading(
    tmp_path: Path, verb: str, part: str | None, *, is_read_only: bool
) -> None:
    """Although it may be sent as a GET."""
    asked = {"resource": "pods", "namespace": "shop", "name": "web", "subresource": part}
    (row,) = collected(tmp_path, log=lines(event(verb=verb, objectRef=asked))).of(API)

    assert (row["is_read_only"], row["resource"]) == (is_read_only, "shop/web")


def test_who_acts_as_another_is_named_with_the_other(tmp_path: Path) -> None:
    """And accounts of programs are no people."""
    as_other = event(impersonatedUser={"username": "bob"})
    robot = event("b", user={"username": "system:serviceaccount:shop:deploy"})
    rows = collected(tmp_path, log=lines(as_other, robot)).of(API)

    assert [(row["account"], row["account_kind"]) for row in rows] == [
        ("ada@example.org as bob", "user"),
        ("system:serviceaccount:shop:deploy", "service"),
    ]


def test_a_path_that_is_no_object_is_the_operation(tmp_path: Path) -> None:
    """And a list of events, as a webhook is sent, is its events."""
    listed = {"kind": "EventList", "items": [event(objectRef=None, requestURI="/healthz?x=1")]}
    (row,) = collected(tmp_path, log=lines(listed)).of(API)

    assert (row["operation"], row["service"], row["resource"]) == ("list /healthz", None, None)


def test_no_day_is_vouched_for_as_whole(tmp_path: Path) -> None:
    """Nothing in the files says that all of them are there."""
    late = event("b", requestReceivedTimestamp="2026-03-04T00:00:00Z")
    cover = collected(tmp_path, log=lines(event(), late)).covers[API]

    assert (cover.first, cover.last) == (date(2026, 3, 2), date(2026, 3, 4))
    assert not cover.is_whole
    assert "API server" in cover.missing


def test_a_line_that_is_cut_leaves_the_others_and_is_said(tmp_path: Path) -> None:
    found = collected(tmp_path, log=lines(event(), event("b"))[:-30])

    assert found.outcome == "partial"
    assert [row["event_uid"] for row in found.of(API)] == ["a"]
    assert "ends in the middle of a line" in found.covers[API].missing


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lines(event(), {"kind": "Pod"}), "is no event of a Kubernetes audit log"),
        (lines({"kind": "EventList", "items": [3]}), "is no event of a Kubernetes audit log"),
        (lines(event()) + b"{\n" + lines(event("b")), "is not JSON in line 2"),
        (gzip.compress(lines(event()))[:-9], "is cut off"),
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    found = collected(tmp_path, log=content)

    assert (found.outcome, found.rows) == ("partial", [])
    assert why in found.collection.reason
    assert found.covers[API].last is None
