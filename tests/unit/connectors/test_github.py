"""An organization of GitHub, over real HTTP: people, protection, merged changes, alerts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from collected import Collected, put
from hub import TOKEN, Hub, served, user
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.github import CONNECTOR

pytestmark = pytest.mark.enable_socket

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))
CHANGES = "population.changes"


@pytest.fixture
def hub() -> Iterator[Hub]:
    with served() as found:
        found.paths["/orgs/larkspur/repos"] = [repository("app"), repository("site", private=False)]
        yield found


def repository(name: str, *, private: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "full_name": f"larkspur/{name}",
        "default_branch": "main",
        "private": private,
        "visibility": "private" if private else "public",
        "created_at": "2025-01-01T00:00:00Z",
    }


def collected(tmp_path: Path, hub: Hub, stream: str, *repositories: str) -> Collected:
    asked = CONNECTOR.questions(hub.access(*repositories), MARCH)
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def with_people(hub: Hub) -> None:
    members, base = [user("ana"), user("bob"), user("robot", kind="Bot")], "/orgs/larkspur"
    hub.paths[f"{base}/members"] = members
    hub.paths[f"{base}/members?admin"] = members[:1]
    hub.paths[f"{base}/members?2fa_disabled"] = members[1:2]
    hub.paths[f"{base}/outside_collaborators"] = [user("eve")]
    hub.paths[f"{base}/teams"] = [{"slug": "ops", "id": 7}, {"slug": "empty", "id": 8}]
    hub.paths[f"{base}/teams/ops/members"] = members[:2]
    hub.paths[f"{base}/teams/empty/members"] = []


def test_members_say_who_owns_and_who_has_a_second_factor(tmp_path: Path, hub: Hub) -> None:
    """Over several pages; outsiders are named as such, and nobody knows of their factors."""
    with_people(hub)

    found = collected(tmp_path, hub, "github/access")

    assert found.outcome == "complete"
    said = {
        row["account"]: (row.get("is_privileged"), row.get("has_mfa"), row["is_external"])
        for row in found.of("population.accounts")
    }
    assert said == {
        "ana": (True, True, False),
        "bob": (False, False, False),
        "robot": (False, True, False),
        "eve": (None, None, True),
    }
    groups = {(row["group_name"], row.get("member")) for row in found.of("population.groups")}
    assert groups == {("owners", "ana"), ("ops", "ana"), ("ops", "bob"), ("empty", None)}
    assert found.covers["population.accounts"] == Cover(NOON.date(), NOON.date())


@pytest.mark.parametrize("status", [403, 422])
def test_second_factors_that_only_owners_are_shown_are_not_known(
    tmp_path: Path, hub: Hub, status: int
) -> None:
    """Never taken for none without one."""
    with_people(hub)
    hub.refused["/orgs/larkspur/members?2fa_disabled"] = (status, "Only owners can use this filter")

    found = collected(tmp_path, hub, "github/access")

    assert found.outcome == "partial"
    assert "Only owners can use this filter" in found.collection.reason
    rows = [row for row in found.of("population.accounts") if not row["is_external"]]
    assert {row["has_mfa"] for row in rows} == {None}


def test_members_that_are_refused_are_not_vouched_for(tmp_path: Path, hub: Hub) -> None:
    """Outsiders alone are no list of accounts."""
    with_people(hub)
    hub.refused["/orgs/larkspur/members"] = (403, "Resource not accessible")

    found = collected(tmp_path, hub, "github/access")

    assert found.covers["population.accounts"].last is None


RULE = {
    "required_pull_request_reviews": {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews": True,
        "require_code_owner_reviews": False,
    },
    "enforce_admins": {"enabled": True},
    "allow_force_pushes": {"enabled": False},
    "allow_deletions": {"enabled": True},
}
RULESET = [
    {"type": "pull_request", "parameters": {"required_approving_review_count": 2}},
    {"type": "deletion"},
    {"type": "required_status_checks", "parameters": {}},
]


def test_rule_and_rulesets_protect_a_branch_together(tmp_path: Path, hub: Hub) -> None:
    """The stricter counts; a branch with neither is not protected, and that is a fact."""
    hub.paths["/repos/larkspur/app/branches/main/protection"] = RULE
    hub.paths["/repos/larkspur/app/rules/branches/main"] = RULESET
    hub.refused["/repos/larkspur/site/branches/main/protection"] = (404, "Branch not protected")
    hub.paths["/repos/larkspur/site/rules/branches/main"] = []

    found = collected(tmp_path, hub, "github/repositories")

    app, site = found.of("github.branches")
    assert found.outcome == "complete"
    names = ("is_protected", "required_approvals", "dismisses_stale", "requires_checks")
    ends = ("allows_force_push", "allows_deletion", "requires_signatures", "binds_admins")
    assert [app[name] for name in names] == [True, 2, True, True]
    assert [app[name] for name in ends] == [False, False, False, True]
    assert [site[name] for name in names] == [False, 0, False, False]
    assert [site[name] for name in ends] == [True, True, False, None]
    public = {row["name"]: row["is_public"] for row in found.of("population.assets")}
    assert public == {"app": False, "site": True}


def test_protection_that_may_not_be_read_is_not_known(tmp_path: Path, hub: Hub) -> None:
    """GitHub says `Not Found` to whoever may not ask: that is not unprotected."""
    hub.paths["/repos/larkspur/app"] = repository("app")
    hub.paths["/repos/larkspur/app/rules/branches/main"] = []

    found = collected(tmp_path, hub, "github/repositories", "app")

    assert found.outcome == "partial"
    assert "protection of app: 404 Not Found" in found.collection.reason
    (row,) = found.of("github.branches")
    assert (row["is_protected"], row["required_approvals"]) == (None, None)


def test_what_a_ruleset_demands_holds_although_the_rule_may_not_be_read(
    tmp_path: Path, hub: Hub
) -> None:
    """What it does not demand, the rule may."""
    hub.paths["/repos/larkspur/app"] = repository("app")
    hub.paths["/repos/larkspur/app/rules/branches/main"] = RULESET

    (row,) = collected(tmp_path, hub, "github/repositories", "app").of("github.branches")

    assert (row["is_protected"], row["required_approvals"]) == (True, 2)
    assert (row["dismisses_stale"], row["allows_force_push"]) == (None, None)
    assert row["allows_deletion"] is False


def review(login: str, state: str, at: str, kind: str = "User") -> dict[str, Any]:
    return {
        "user": user(login, kind=kind),
        "state": state,
        "submitted_at": f"2026-03-02T{at}:00Z",
        "commit_id": "c" * 40,
    }


REVIEWS = [
    ([], (0, None)),
    ([review("bob", "APPROVED", "10:00")], (1, "bob")),
    ([review("ana", "APPROVED", "10:00")], (0, None)),
    ([review("robot", "APPROVED", "10:00", "Bot")], (0, None)),
    ([review("bob", "APPROVED", "13:00")], (0, None)),
    ([review("bob", "COMMENTED", "11:00"), review("bob", "APPROVED", "10:00")], (1, "bob")),
    ([review("bob", "CHANGES_REQUESTED", "11:00"), review("bob", "APPROVED", "10:00")], (0, None)),
    ([review("bob", "DISMISSED", "10:00"), review("carl", "APPROVED", "09:00")], (1, "carl")),
    ([review(n, "APPROVED", "10:00") for n in ("dora", "bob", "carl")], (3, "bob,carl,dora")),
]


@pytest.mark.parametrize(("reviews", "expected"), REVIEWS)
def test_approvals_are_the_last_words_of_other_people_before_the_merge(
    tmp_path: Path, hub: Hub, reviews: list[dict[str, Any]], expected: tuple[int, str | None]
) -> None:
    """Not one's own, not a machine's, not taken back, not afterwards."""
    hub.pull("app", 12, "2026-03-02")
    hub.paths["/repos/larkspur/app/pulls/12/reviews"] = reviews

    (row,) = collected(tmp_path, hub, "github/changes").of(CHANGES)

    assert (row["approvals"], row["approved_by"]) == expected


def test_a_merged_change_tells_its_whole_story(tmp_path: Path, hub: Hub) -> None:
    """Who, when, what, and which commit it became."""
    hub.pull("app", 12, "2026-03-02", title="Add limits (OPS-7)")
    hub.paths["/repos/larkspur/app/pulls/12/reviews"] = [review("bob", "APPROVED", "10:00")]

    (row,) = collected(tmp_path, hub, "github/changes").of(CHANGES)

    assert row == {
        "system": "github larkspur/app",
        "occurred_at": "2026-03-02 12:00:00",
        "change_uid": "#12",
        "title": "Add limits (OPS-7)",
        "kind": "code",
        "target": "main",
        "author": "ana",
        "opened_at": "2026-03-02 08:00:00",
        "approvals": 1,
        "approved_by": "bob",
        "approved_at": "2026-03-02 10:00:00",
        "approved_revision": "c" * 40,
        "applied_by": "bob",
        "applied_revision": f"{12:040x}",
        "checks": "passed",
        "ticket": "OPS-7",
        "commit_id": f"{1012:040x}",
    }


CHECKED = [
    ([], [], "none"),
    (["success", "skipped"], ["success"], "passed"),
    (["success", "failure"], [], "failed"),
    ([None], [], "failed"),
    (["success"], ["pending"], "failed"),
]


@pytest.mark.parametrize(("runs", "states", "expected"), CHECKED)
def test_checks_passed_when_every_run_and_status_did(
    tmp_path: Path, hub: Hub, runs: list[str | None], states: list[str], expected: str
) -> None:
    """One that did not end did not pass."""
    hub.pull("app", 12, "2026-03-02")
    commit = f"/repos/larkspur/app/commits/{12:040x}"
    hub.paths[f"{commit}/check-runs"] = {"check_runs": [{"conclusion": one} for one in runs]}
    hub.paths[f"{commit}/status"] = {"statuses": [{"state": one} for one in states]}

    (row,) = collected(tmp_path, hub, "github/changes").of(CHANGES)

    assert row["checks"] == expected


def test_changes_of_every_day_and_page_are_there(tmp_path: Path, hub: Hub) -> None:
    """Five on one day are three pages; days before and after are not asked for."""
    for number in range(5):
        hub.pull("app", number + 1, "2026-03-02")
    hub.pull("site", 9, "2026-03-04")
    hub.pull("site", 10, "2026-03-05")
    hub.pull("site", 11, "2026-02-28")

    found = collected(tmp_path, hub, "github/changes")

    assert (found.outcome, len(found.of(CHANGES))) == ("complete", 6)
    assert found.covers[CHANGES] == Cover(date(2026, 3, 1), date(2026, 3, 4))


def test_only_the_named_repositories_are_asked(tmp_path: Path, hub: Hub) -> None:
    """Each by its own search."""
    hub.pull("app", 1, "2026-03-02")
    hub.pull("site", 2, "2026-03-02")

    found = collected(tmp_path, hub, "github/changes", "site")

    assert [row["change_uid"] for row in found.of(CHANGES)] == ["#2"]


def broken(hub: Hub, case: str) -> None:
    if case == "an incomplete search":
        hub.incomplete = True
    elif case == "fewer than announced":
        hub.announced = 3
    elif case == "an expired token":
        hub.refused["/repos/larkspur/app/pulls/1/reviews"] = (401, f"Bad credentials {TOKEN}")
    elif case == "a changed schema":
        hub.paths["/search/issues"] = []
        hub.refused["/search/issues"] = (200, "no items")
    else:
        hub.paths["/repos/larkspur/app/pulls/1"] = b'{"number": 1, "head":'


BROKEN = {
    "an incomplete search": "searched only in part",
    "fewer than announced": "says that there are",
    "an expired token": "401 Bad credentials [secret]",
    "a changed schema": "is no page of a search",
    "half an answer": "is not whole JSON",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, hub: Hub, case: str) -> None:
    """Never a shorter list of changes; and never the token."""
    hub.pull("app", 1, "2026-03-02")
    broken(hub, case)

    found = collected(tmp_path, hub, "github/changes")

    assert (found.outcome, found.rows) == ("refused", [])
    assert BROKEN[case] in found.collection.reason
    assert TOKEN not in found.collection.reason


def test_reviews_that_may_not_be_read_leave_approvals_unknown(tmp_path: Path, hub: Hub) -> None:
    """And the days are not vouched for, although the change is there."""
    hub.pull("app", 1, "2026-03-02")
    hub.refused["/repos/larkspur/app/pulls/1/reviews"] = (403, "Resource not accessible")

    found = collected(tmp_path, hub, "github/changes")

    (row,) = found.of(CHANGES)
    assert (found.outcome, row["approvals"]) == ("partial", None)
    assert not found.covers[CHANGES].is_whole


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, hub: Hub) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    hub.pull(
        "app",
        1,
        "2026-03-02",
        title="\ud800" + "x" * 900,
        user="ana",
        merged_by=[],
        base={"ref": {"a": 1}},
        merged_at="yesterday",
        body=7,
    )
    hub.paths["/repos/larkspur/app/pulls/1/reviews"] = ["x", {"user": None}, {"state": []}]

    (row,) = collected(tmp_path, hub, "github/changes").of(CHANGES)

    assert row["title"].startswith("\\ud800x")
    silent = ("author", "applied_by", "target", "occurred_at", "ticket")
    assert {row[name] for name in silent} == {None}


def with_alerts(hub: Hub) -> None:
    base = "/repos/larkspur/app"
    fixed = {
        "number": 1,
        "html_url": "https://github.com/larkspur/app/security/dependabot/1",
        "state": "fixed",
        "created_at": "2026-02-01T00:00:00Z",
        "fixed_at": "2026-02-03T00:00:00Z",
        "dependency": {"package": {"ecosystem": "pip", "name": "django"}},
        "security_advisory": {"cve_id": "CVE-2026-1", "summary": "SQL", "severity": "high"},
        "security_vulnerability": {"first_patched_version": {"identifier": "5.2.9"}},
    }
    ignored = {
        **fixed,
        "state": "auto_dismissed",
        "fixed_at": None,
        "dismissed_reason": "tolerable_risk",
    }
    hub.paths[f"{base}/dependabot/alerts"] = [fixed, ignored]
    hub.paths[f"{base}/code-scanning/alerts"] = [
        {
            "state": "open",
            "created_at": "2026-02-01T00:00:00Z",
            "rule": {"description": "XSS", "security_severity_level": "critical"},
        }
    ]
    hub.paths[f"{base}/secret-scanning/alerts"] = [
        {
            "number": 3,
            "state": "open",
            "secret_type": "aws_access_key",
            "secret": "AKIAIOSFODNN7EXAMPLE",
            "push_protection_bypassed": True,
        }
    ]


def test_alerts_say_what_became_of_them_and_no_secret_is_kept(tmp_path: Path, hub: Hub) -> None:
    """Also of a server that shows the secret although it was asked not to."""
    hub.paths["/repos/larkspur/app"] = repository("app")
    with_alerts(hub)

    found = collected(tmp_path, hub, "github/alerts", "app")

    said = [
        (row["severity"], row["status"], row.get("cve"), row.get("fixed_in"), row["closed_at"])
        for row in found.of("population.vulnerabilities")
    ]
    assert said == [
        ("high", "fixed", "CVE-2026-1", "5.2.9", "2026-02-03 00:00:00"),
        ("high", "dismissed", "CVE-2026-1", "5.2.9", None),
        ("critical", "open", None, None, None),
    ]
    (secret,) = found.of("github.secrets")
    assert (secret["kind"], secret["was_bypassed"]) == ("aws_access_key", True)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"AKIAIOSFODNN7EXAMPLE" not in kept
    assert TOKEN.encode() not in kept


def test_a_scanner_that_is_off_is_a_fact_and_one_that_is_refused_is_not(
    tmp_path: Path, hub: Hub
) -> None:
    """The first is complete, the second leaves the day without cover."""
    hub.paths["/repos/larkspur/app"] = repository("app")
    with_alerts(hub)
    off = (403, "Code scanning is not enabled for this repository.")
    hub.refused["/repos/larkspur/app/code-scanning/alerts"] = off
    complete = collected(tmp_path, hub, "github/alerts", "app")
    hub.refused["/repos/larkspur/app/dependabot/alerts"] = (403, "Resource not accessible")
    partial = collected(tmp_path, hub, "github/alerts", "app")

    assert (complete.outcome, partial.outcome) == ("complete", "partial")
    assert complete.covers["population.vulnerabilities"].last == NOON.date()
    assert partial.covers["population.vulnerabilities"].last is None
    assert partial.covers["github.secrets"].last == NOON.date()


def test_the_check_says_how_many_repositories_are_seen_and_what_is_denied(hub: Hub) -> None:
    """One thing of each kind is looked at."""
    with_people(hub)
    hub.paths["/repos/larkspur/app/pulls"] = []

    said = checked(CONNECTOR, hub.access())

    assert said.reached == "github larkspur: 2 repositories"
    grants = {finding.permission: finding.grant for finding in said.findings}
    assert grants["Pull requests: read"] is Grant.GRANTED
    assert grants["Dependabot alerts: read"] is Grant.DENIED
    assert grants["Checks: read"] is Grant.UNKNOWN


def test_the_token_goes_in_a_header_and_nowhere_else(tmp_path: Path, hub: Hub) -> None:
    """Not into an address, where servers write it down."""
    with_people(hub)
    collected(tmp_path, hub, "github/access")

    assert {headers["authorization"] for _, _, headers, _ in hub.server.asked} == {
        f"Bearer {TOKEN}"
    }
    assert not any(TOKEN in path for _, path, _, _ in hub.server.asked)
