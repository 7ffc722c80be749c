"""Deployments, rulesets and the audit log of an organization of GitHub, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from hub import Hub, served
from reperform.connectors.contract import Asking
from reperform.connectors.github import CONNECTOR
from reperform.connectors.settings import Access

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))
DEPLOYMENTS, RULESETS = "population.deployments", "github.rulesets"
GRANTS, ACTIVITY = "population.access_grants", "population.api_activity"
APP, LOG = "/repos/larkspur/app", "/orgs/larkspur/audit-log"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with served() as found:
        found.paths["/orgs/larkspur/repos"] = [{"name": "app", "default_branch": "main"}]
        found.paths[LOG] = []
        yield found


def collected(tmp_path: Path, hub: Hub, stream: str) -> Collected:
    given = hub.access()
    access = Access({**given.settings, "audit_log": True}, given.secrets, wait=given.wait)
    (question,) = (one for one in CONNECTOR.questions(access, MARCH) if one.stream == stream)
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def deployment(hub: Hub, number: int, at: str, *states: str) -> dict[str, Any]:
    """Return a deployment, and let the server tell its states, the newest first."""
    path = f"{APP}/deployments/{number}/statuses"
    hub.paths[path] = [{"id": place, "state": state} for place, state in enumerate(states)]
    return {
        "id": number,
        "sha": f"{number:040x}",
        "ref": "v1.2",
        "environment": "production",
        "creator": {"login": "deploy-bot"},
        "created_at": at,
    }


def test_deployments_of_the_days_say_how_they_ended(tmp_path: Path, hub: Hub) -> None:
    """One that another replaced ran; one that goes on is not known; older ones are left."""
    hub.paths[f"{APP}/deployments"] = [
        deployment(hub, 6, "2026-03-05T08:00:00Z", "success"),
        deployment(hub, 5, "2026-03-04T23:59:59Z", "in_progress", "queued"),
        deployment(hub, 4, "2026-03-03T08:00:00Z", "inactive", "success"),
        deployment(hub, 3, "2026-03-01T00:00:00Z", "failure"),
        deployment(hub, 2, "2026-02-28T23:59:59Z", "success"),
        deployment(hub, 1, "2026-02-01T08:00:00Z", "success"),
        deployment(hub, 0, "2026-01-01T08:00:00Z", "success"),
    ]

    found = collected(tmp_path, hub, "github/deployments")

    told = ("deployment_uid", "occurred_at", "is_success")
    assert [tuple(row[name] for name in told) for row in found.of(DEPLOYMENTS)] == [
        ("5", "2026-03-04 23:59:59", None),
        ("4", "2026-03-03 08:00:00", True),
        ("3", "2026-03-01 00:00:00", False),
    ]
    row = found.of(DEPLOYMENTS)[0]
    assert (row["application"], row["version"], row["by_account"]) == (
        "larkspur/app",
        "v1.2",
        "deploy-bot",
    )
    cover = found.covers[DEPLOYMENTS]
    assert (cover.first, cover.last, cover.is_whole) == (date(2026, 3, 1), date(2026, 3, 4), True)
    asked = [path for _, path, _, _ in hub.server.asked]
    assert not any("page=4" in path or "/0/statuses" in path for path in asked)


@pytest.mark.parametrize("what", ["deployments", "deployments/3/statuses"])
def test_deployments_that_may_not_be_read_are_not_whole(
    tmp_path: Path, hub: Hub, what: str
) -> None:
    hub.paths[f"{APP}/deployments"] = [deployment(hub, 3, "2026-03-01T08:00:00Z", "success")]
    hub.refused[f"{APP}/{what}"] = (403, "Resource not accessible by personal access token")

    found = collected(tmp_path, hub, "github/deployments")

    assert found.outcome == "partial"
    assert not found.covers[DEPLOYMENTS].is_whole
    assert "not accessible" in found.covers[DEPLOYMENTS].missing
    assert {row["is_success"] for row in found.of(DEPLOYMENTS)} <= {None}


def test_a_list_that_is_none_is_refused(tmp_path: Path, hub: Hub) -> None:
    """An object in its place would pass for no deployment."""
    hub.paths[f"{APP}/deployments"] = {"deployments": []}

    found = collected(tmp_path, hub, "github/deployments")

    assert (found.outcome, found.rows) == ("refused", [])
    assert "holds no list" in found.collection.reason


def ruleset(hub: Hub, number: int, **more: object) -> dict[str, Any]:
    summary = {"id": number, "name": f"rules {number}", "source": "larkspur", "target": "branch"}
    rules = [{"type": "pull_request"}, {"type": "deletion"}]
    whole = {**summary, "enforcement": "active", "rules": rules, **more}
    hub.paths[f"{APP}/rulesets/{number}"] = whole
    return summary


def test_rulesets_say_who_may_bypass_them(tmp_path: Path, hub: Hub) -> None:
    """Nobody, somebody, or: that is not shown."""
    team = {"actor_id": 7, "actor_type": "Team", "bypass_mode": "always"}
    admins = {"actor_id": None, "actor_type": "OrganizationAdmin", "bypass_mode": "pull_request"}
    hub.paths[f"{APP}/rulesets"] = [
        ruleset(hub, 1, bypass_actors=[]),
        ruleset(hub, 2, bypass_actors=[team, admins], enforcement="evaluate"),
        ruleset(hub, 3),
    ]

    found = collected(tmp_path, hub, "github/rulesets")

    told = ("ruleset", "enforcement", "can_be_bypassed", "bypassed_by")
    assert [tuple(row[name] for name in told) for row in found.of(RULESETS)] == [
        ("rules 1", "active", False, None),
        ("rules 2", "evaluate", True, "OrganizationAdmin (pull_request), Team 7 (always)"),
        ("rules 3", "active", None, None),
    ]
    assert found.of(RULESETS)[0]["rules"] == "deletion, pull_request"


def test_a_ruleset_that_may_not_be_read_leaves_no_day(tmp_path: Path, hub: Hub) -> None:
    hub.paths[f"{APP}/rulesets"] = [ruleset(hub, 1, bypass_actors=[]), ruleset(hub, 2)]
    hub.refused[f"{APP}/rulesets/2"] = (404, "Not Found")

    found = collected(tmp_path, hub, "github/rulesets")

    assert found.outcome == "partial"
    assert found.covers[RULESETS].last is None


def event(uid: str, action: str, day: int, **more: object) -> dict[str, Any]:
    at = int(datetime(2026, 3, day, 10, tzinfo=UTC).timestamp() * 1_000)
    found = {"_document_id": uid, "@timestamp": at, "action": action, "actor": "ana"}
    return {**found, "actor_id": 3, "org": "larkspur", **more}


def test_changes_of_access_are_told_apart_from_all_else(tmp_path: Path, hub: Hub) -> None:
    """Once each; events of other days are left."""
    admin = event("a", "repo.add_member", 1, user="bob", repo="larkspur/app", permission="admin")
    hub.paths[LOG] = [
        admin,
        admin,
        event("b", "team.remove_member", 2, user="eve", team="larkspur/ops"),
        event("c", "protected_branch.destroy", 3, repo="larkspur/app", operation_type="remove"),
        event("d", "repo.access", 3, repo="larkspur/app", operation_type="access"),
        event("e", "org.remove_member", 5, user="eve"),
        event("f", "organization_role.assign", 4, user="bob", role_name="auditor"),
    ]

    found = collected(tmp_path, hub, "github/audit")

    told = ("action", "operation", "account", "privilege", "resource", "is_privileged")
    assert [tuple(row[name] for name in told) for row in found.of(GRANTS)] == [
        ("granted", "repo.add_member", "bob", "admin", "larkspur/app", True),
        ("revoked", "team.remove_member", "eve", "team", "larkspur/ops", None),
        ("granted", "organization_role.assign", "bob", "auditor", None, None),
    ]
    said = [(row["operation"], row["is_read_only"], row["account"]) for row in found.of(ACTIVITY)]
    assert said == [
        ("protected_branch.destroy", False, "ana"),
        ("repo.access", True, "ana"),
    ]
    asked = next(path for _, path, _, _ in hub.server.asked if path.startswith(LOG))
    assert "phrase=created%3A2026-03-01..2026-03-04" in asked
    assert found.covers[GRANTS].is_whole


def test_an_edition_without_an_audit_log_is_refused(tmp_path: Path, hub: Hub) -> None:
    """Its days are without evidence, and not without events."""
    hub.refused[LOG] = (404, "Not Found")

    found = collected(tmp_path, hub, "github/audit")

    assert (found.outcome, found.rows) == ("partial", [])
    assert {cover.is_whole for cover in found.covers.values()} == {False}


def test_the_audit_log_is_asked_only_where_somebody_says_so(hub: Hub) -> None:
    streams = {one.stream for one in CONNECTOR.questions(hub.access(), MARCH)}

    assert "github/audit" not in streams
    assert "github/deployments" in streams


@pytest.mark.parametrize("at", [None, "soon", True, -1, 10**18])
def test_a_time_that_is_none_is_not_known(tmp_path: Path, hub: Hub, at: object) -> None:
    """The event is there all the same: it may be of the period."""
    hub.paths[LOG] = [{**event("a", "org.add_member", 1, user="bob"), "@timestamp": at}]

    (row,) = collected(tmp_path, hub, "github/audit").of(GRANTS)

    assert (row["occurred_at"], row["account"]) == (None, "bob")
