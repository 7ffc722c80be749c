"""Connections over the API: as on the pages, and no answer ever holds a secret."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from acme import CONNECTOR, SECRET, Acme
from api.conftest import Program
from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.permissions import Role
from reperform.evidence.actions.connections import make_connection
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.actions.working import work_once
from reperform.evidence.connection import ConnectionFields
from reperform.evidence.job import collection_of
from reperform.evidence.models import Connection

CONTENT = {
    "title": "Acme of sales",
    "since": "2026-07-01",
    "settings": {"account": "sales", "token": SECRET},
}


@pytest.fixture
def caller(program: Callable[..., Program], says: Acme) -> Program:
    return program(Role.COMPLIANCE_MANAGER)


@pytest.fixture
def made(caller: Program) -> dict[str, Any]:
    answer = caller.ask("post", "/connections", {"connector": "acme", "content": CONTENT})
    assert answer.status_code == 201, answer.content
    assert SECRET not in answer.content.decode()
    return dict(answer.json())


def test_connectors_say_all_that_they_declare(caller: Program) -> None:
    found = {each["name"]: each for each in caller.get("/connectors")}
    assert {"acme", "git", "host", "tls"} <= set(found)
    assert [each["name"] for each in found["acme"]["permissions"]] == [
        "accounts:read",
        "events:read",
    ]
    assert found["acme"]["streams"][1]["reading"] == "cursor"


def test_a_connection_is_made_read_changed_and_listed(
    caller: Program, made: dict[str, Any]
) -> None:
    assert made["reference"] == "CON-1"
    assert made["settings"] == {"account": "sales", "plan": "small"}
    assert made["secrets_kept"] == ["token"]
    assert caller.get("/connections/1") == made
    content = {"title": "Acme", "settings": {"account": "ops"}}
    changed = caller.ask("put", "/connections/1", {"content": content, "seen": 1})
    assert changed.status_code == 200, changed.content
    assert changed.json()["settings"]["account"] == "ops"
    assert changed.json()["secrets_kept"] == ["token"]
    stale = caller.ask("put", "/connections/1", {"content": content, "seen": 1})
    assert stale.status_code == 409
    assert SECRET not in stale.content.decode()
    assert "sealed_secrets" not in stale.content.decode()
    assert [each["number"] for each in caller.get("/connections")["items"]] == [1]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"title": "", "settings": {"account": "a", "token": "t"}}, "title"),
        ({"title": "x", "settings": {"token": "t"}}, "account"),
        ({"title": "x", "settings": {"account": "a"}}, "token"),
        ({"title": "x", "settings": {"account": 3, "token": "t"}}, "account"),
        ({"title": "x", "settings": {"account": "a\0", "token": "t"}}, "content.settings.account"),
        ({"title": "x", "settings": {"account": "a", "token": "t", "colour": 1}}, "colour"),
        ({"title": "x", "settings": [], "since": "soon"}, "since"),
        ({"title": "x", "settings": "all"}, "settings"),
    ],
)
def test_what_is_wrong_names_its_field(
    caller: Program, content: dict[str, Any], where: str
) -> None:
    answer = caller.ask("post", "/connections", {"connector": "acme", "content": content})
    assert answer.status_code == 422
    assert where in [each["where"] for each in answer.json()["problems"]]
    assert not Connection.objects.exists()


def test_a_connector_that_is_not_installed_is_refused(caller: Program) -> None:
    answer = caller.ask("post", "/connections", {"connector": "nothing", "content": CONTENT})
    assert (answer.status_code, answer.json()["problems"][0]["where"]) == (422, "connector")


def test_a_check_a_run_and_what_they_cover(
    caller: Program, made: dict[str, Any], says: Acme
) -> None:
    says.events = [1, 2, 3]
    checked = caller.ask("post", "/connections/1/check").json()["checked"]
    assert checked["reached"] == "acme as sales"
    assert [each["grant"] for each in checked["findings"]] == ["granted", "not known"]
    asked = caller.ask("post", "/connections/1/jobs")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    work_once(clock=lambda: datetime.now(UTC))
    job = caller.get(f"/jobs/{asked.json()['number']}")
    assert (job["state"], job["run"], job["attempts"]) == ("done", 1, 1)
    assert caller.get("/connections/1/jobs")["items"] == [job] == caller.get("/jobs")["items"]
    whole = caller.get("/connections/1/runs/1")
    assert [each["stream"] for each in whole["collections"]] == [
        "acme/accounts",
        "acme/events",
        "acme/events",
    ]
    assert whole["collections"][2]["tables"][0]["rows"] == 1
    covered = {each["table"]: each for each in caller.get("/connections/1/coverage")["tables"]}
    assert covered["acme.accounts"]["evidenced"] == 1
    assert covered["acme.accounts"]["gaps"]
    assert caller.get("/connections/1/runs")["items"][0]["number"] == 1


def test_a_retired_connection_is_not_asked(caller: Program, made: dict[str, Any]) -> None:
    body = {"reason": "left", "seen": 1}
    assert caller.ask("post", "/connections/1/retirement", body).status_code == 200
    refused = caller.ask("post", "/connections/1/jobs")
    assert (refused.status_code, refused.json()["slug"]) == (422, "connection-not-kept")
    assert caller.get("/connections/1")["secrets_kept"] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READ_ONLY, Role.CONTROL_OWNER])
def test_who_may_only_read_changes_nothing(
    program: Callable[..., Program], made: dict[str, Any], role: Role
) -> None:
    reader = program(role)
    assert reader.get("/connections/1")["title"] == "Acme of sales"
    body = {"connector": "acme", "content": CONTENT}
    for path in ("/connections", "/connections/1/jobs", "/connections/1/check"):
        assert reader.ask("post", path, body).status_code == 403


PLAN = {"every": "day", "hour": 3, "minute": 5, "zone": "Europe/Berlin"}


def test_a_schedule_is_decided_and_paused(caller: Program, made: dict[str, Any]) -> None:
    path = "/connections/1/schedule"
    assert caller.get(path) == {
        "version": 0,
        "plan": None,
        "next_at": None,
        "offset_seconds": 0,
        "paused_reason": "",
    }
    kept = caller.ask("put", path, {"plan": PLAN, "seen": 0}).json()
    assert kept["plan"] == PLAN | {"weekday": "monday", "day": 1}
    assert kept["next_at"]
    stale = caller.ask("put", path, {"plan": PLAN | {"hour": 4}, "seen": 0})
    assert (stale.status_code, stale.json()["current"]["content"]["plan"]["hour"]) == (409, 3)
    paused = caller.ask("post", f"{path}/pause", {"reason": "it moves", "seen": 1}).json()
    assert (paused["paused_reason"], paused["next_at"], paused["version"]) == ("it moves", None, 2)


@pytest.mark.parametrize(
    ("plan", "where"),
    [
        ({"every": "century"}, "every"),
        ({"every": "day", "hour": "late"}, "hour"),
        ({"every": "day", "minute": 60}, "minute"),
        ({"every": "month", "day": 31}, "day"),
        ({"every": "day", "zone": "Mars/Olympus"}, "zone"),
        ({"every": "day", "colour": 1}, "colour"),
    ],
)
def test_a_plan_that_cannot_be_names_its_field(
    caller: Program, made: dict[str, Any], plan: dict[str, Any], where: str
) -> None:
    answer = caller.ask("put", "/connections/1/schedule", {"plan": plan, "seen": 0})
    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == [where]


def test_a_job_of_another_organization_is_not_found(caller: Program, made: dict[str, Any]) -> None:
    other = found_organization(name="Other", by="test", at=datetime.now(UTC))
    fields = ConnectionFields("Theirs", {"account": "a", "plan": "small"}, {"token": "t"})
    at = datetime.now(UTC)
    make_connection(organization=other, connector=CONNECTOR, fields=fields, by="test", at=at)
    ask_job(organization=other, work=collection_of(1), by="test", at=at)

    assert caller.ask("get", "/jobs/1").status_code == 404
    assert caller.get("/jobs")["items"] == []
