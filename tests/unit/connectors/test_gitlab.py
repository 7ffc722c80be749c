"""A group of GitLab, over real HTTP: members, protection, changes, deployments, audit events."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from answering import Said
from collected import Collected, put
from reperform.base.table import Cover
from reperform.connectors.contract import Asking, Grant, checked
from reperform.connectors.gitlab import CONNECTOR
from reperform.connectors.settings import Access
from vendor import Vendor, by_page, half, vending

pytestmark = pytest.mark.enable_socket

TOKEN = "glpat-0123456789abcdefghij"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MARCH = Asking(NOON, since=date(2026, 3, 1))
V4 = "/api/v4"
GROUP = f"{V4}/groups/larkspur%2Fcore"
APP, SITE = f"{V4}/projects/1", f"{V4}/projects/2"
DENIED = Said({"message": "403 Forbidden"}, status=403)
CHANGES = "population.changes"


@pytest.fixture
def lab() -> Iterator[Vendor]:
    with vending(by_page) as found:
        found.paths[GROUP] = {
            "full_path": "larkspur/core",
            "visibility": "private",
            "require_two_factor_authentication": True,
            "two_factor_grace_period": 48,
        }
        found.paths[f"{GROUP}/members/all"] = [member("ana", 50), member("bob", 30)]
        found.paths[f"{GROUP}/projects"] = [project(1, "app"), project(2, "site")]
        found.paths[f"{APP}/members/all"] = [member("ana", 50), member("bob", 40), member("cy", 20)]
        found.paths[f"{SITE}/members/all"] = [member("ana", 50), member("eve", 30, "blocked")]
        found.paths[f"{GROUP}/merge_requests"] = []
        found.paths[f"{GROUP}/audit_events"] = []
        for base in (APP, SITE):
            found.paths[f"{base}/protected_branches"] = []
            found.paths[f"{base}/approval_rules"] = []
            found.paths[f"{base}/approvals"] = {}
            found.paths[f"{base}/deployments"] = []
            found.paths[f"{base}/audit_events"] = []
        yield found


def project(number: int, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "path_with_namespace": f"larkspur/core/{name}",
        "default_branch": "main",
        "visibility": "private",
        "created_at": "2025-01-01T00:00:00.000Z",
        "only_allow_merge_if_pipeline_succeeds": True,
        "a_field_that_is_new": {"a": 1},
    }


def who(name: str) -> dict[str, Any]:
    return {"id": sum(name.encode()), "username": name, "name": name.title(), "state": "active"}


def member(name: str, level: int, state: str = "active") -> dict[str, Any]:
    return {**who(name), "state": state, "access_level": level}


def access(lab: Vendor) -> Access:
    settings = {"group": "larkspur/core", "address": lab.server.address}
    return lab.access(settings, {"token": TOKEN})


def collected(tmp_path: Path, lab: Vendor, stream: str) -> Collected:
    asked = CONNECTOR.questions(access(lab), MARCH)
    (question,) = [one for one in asked if one.stream == stream]
    return put(question, CONNECTOR.stream(stream).source, tmp_path, NOON)


def test_members_say_where_they_are_powerful(tmp_path: Path, lab: Vendor) -> None:
    """Over several pages; inherited rights count; nobody knows of their second factors."""
    found = collected(tmp_path, lab, "gitlab/access")

    assert found.outcome == "complete"
    names = ("is_enabled", "is_privileged", "privileges", "has_mfa")
    said = {
        row["account"]: tuple(row.get(name) for name in names)
        for row in found.of("population.accounts")
    }
    everywhere = "larkspur/core/app: Owner,larkspur/core/site: Owner,larkspur/core: Owner"
    assert said == {
        "ana": (True, True, everywhere, None),
        "bob": (True, True, "larkspur/core/app: Maintainer", None),
        "cy": (True, False, None, None),
        "eve": (False, False, None, None),
    }
    groups = [
        (row["group_name"], row["member"], row["is_privileged"])
        for row in found.of("population.groups")
    ]
    assert ("larkspur/core/app: Reporter", "cy", False) in groups
    assert len(groups) == 7
    (group,) = found.of("gitlab.groups")
    assert (group["requires_mfa"], group["mfa_grace_hours"]) == (True, 48)
    assert set(found.covers.values()) == {Cover(NOON.date(), NOON.date())}


def test_without_the_members_of_one_project_nobody_is_known_to_be_harmless(
    tmp_path: Path, lab: Vendor
) -> None:
    """And the day is not vouched for."""
    lab.refused[f"{SITE}/members/all"] = DENIED

    found = collected(tmp_path, lab, "gitlab/access")

    said = {row["account"]: row["is_privileged"] for row in found.of("population.accounts")}
    assert (found.outcome, said) == ("partial", {"ana": True, "bob": True, "cy": None})
    assert "403 Forbidden" in found.covers["population.accounts"].missing


def test_a_group_without_projects_is_empty_and_vouched_for(tmp_path: Path, lab: Vendor) -> None:
    """None is a fact when it was told to the end."""
    lab.paths[f"{GROUP}/projects"] = []

    found = collected(tmp_path, lab, "gitlab/projects")

    assert (found.outcome, found.rows) == ("complete", [])
    assert found.covers["gitlab.branches"].last == NOON.date()


RULES = [
    {"name": "main", "push_access_levels": [{"access_level": 0}], "allow_force_push": False},
    {
        "name": "m*",
        "push_access_levels": [{"access_level": 40}],
        "allow_force_push": False,
        "code_owner_approval_required": True,
    },
    {"name": "release", "push_access_levels": [], "allow_force_push": True},
]
APPROVALS = [
    {"name": "Any", "approvals_required": 1, "protected_branches": []},
    {"name": "Main", "approvals_required": 2, "protected_branches": [{"name": "main"}]},
    {"name": "Other", "approvals_required": 5, "protected_branches": [{"name": "release"}]},
]
SETTINGS = {
    "reset_approvals_on_push": True,
    "merge_requests_author_approval": False,
    "merge_requests_disable_committers_approval": True,
    "disable_overriding_approvers_per_merge_request": True,
}
STRICT = ("is_protected", "required_approvals", "dismisses_stale", "requires_code_owners")
LOOSE = ("allows_push", "allows_force_push", "author_may_approve", "may_lower_approvals")


def test_all_rules_that_match_the_default_branch_protect_it(tmp_path: Path, lab: Vendor) -> None:
    """Wildcards too; of those who may push, the rule that allows most counts."""
    lab.paths[f"{APP}/protected_branches"] = RULES
    lab.paths[f"{APP}/approval_rules"] = APPROVALS
    lab.paths[f"{APP}/approvals"] = SETTINGS
    found = collected(tmp_path, lab, "gitlab/projects")

    app, site = found.of("gitlab.branches")
    assert [app[name] for name in STRICT] == [True, 2, True, True]
    assert [app[name] for name in LOOSE] == [True, False, False, False]
    assert [site.get(name) for name in STRICT] == [False, 0, None, False]
    assert [site.get(name) for name in LOOSE] == [True, True, None, None]
    assert {row["is_public"] for row in found.of("population.assets")} == {False}


def test_rules_that_may_not_be_read_are_not_known(tmp_path: Path, lab: Vendor) -> None:
    """Never taken for no protection, nor for some."""
    for path in ("protected_branches", "approval_rules", "approvals"):
        lab.refused[f"{APP}/{path}"] = DENIED

    found = collected(tmp_path, lab, "gitlab/projects")

    app, _ = found.of("gitlab.branches")
    assert found.outcome == "partial"
    assert {app.get(name) for name in (*STRICT, *LOOSE)} == {None}


def merged(lab: Vendor, iid: int, at: str, *, of: str = APP, **more: object) -> None:
    """Merge a change by ana; nobody approved it."""
    number = int(of.rpartition("/")[2])
    found = {
        "id": number * 1_000 + iid,
        "iid": iid,
        "project_id": number,
        "title": f"Change {iid} (OPS-{iid})",
        "description": None,
        "author": who("ana"),
        "merge_user": who("bob"),
        "created_at": "2026-03-01T08:00:00.000Z",
        "merged_at": at,
        "target_branch": "main",
        "sha": f"{iid:040x}",
        "merge_commit_sha": f"{iid + 1000:040x}",
        "references": {"full": f"larkspur/core/{'app' if of == APP else 'site'}!{iid}"},
    }
    lab.paths[f"{GROUP}/merge_requests"] += [{**found, **more}]
    base = f"{of}/merge_requests/{iid}"
    lab.paths[base] = {**found, "head_pipeline": {"status": "success"}}
    lab.paths[f"{base}/approvals"] = {"approved_by": []}
    lab.paths[f"{base}/notes"] = []
    lab.paths[f"{base}/versions"] = [
        {"head_commit_sha": "b" * 40, "created_at": "2026-03-02T11:00:00.000Z"},
        {"head_commit_sha": "a" * 40, "created_at": "2026-03-02T08:00:00.000Z"},
    ]


NOTE = "approved this merge request"


def note(name: str, at: str, body: str = NOTE, *, system: bool = True) -> dict[str, Any]:
    return {
        "author": who(name),
        "created_at": f"2026-03-02T{at}:00.000Z",
        "body": body,
        "system": system,
    }


def given(*names: str, at: str = "") -> dict[str, Any]:
    told = {"approved_at": f"2026-03-02T{at}:00.000Z"} if at else {}
    return {"approved_by": [{"user": who(name), **told} for name in names]}


APPROVED = [
    (given(), [], (0, None)),
    (given("bob"), [note("bob", "10:00")], (1, "bob")),
    (given("bob", at="10:00"), [], (1, "bob")),
    (given("bob", at="13:00"), [], (0, None)),
    (given("ana"), [note("ana", "10:00")], (0, None)),
    (given("project_1_bot_abc"), [note("project_1_bot_abc", "10:00")], (0, None)),
    (given("bob"), [note("bob", "13:00")], (0, None)),
    (given("bob"), [], (None, None)),
    (given("bob"), [note("bob", "10:00", system=False)], (None, None)),
    (given("bob"), [note("bob", "10:00"), note("bob", "10:30", f"un{NOTE}")], (None, None)),
    (given("cy", "bob"), [note("bob", "10:00"), note("cy", "09:00")], (2, "bob,cy")),
]


@pytest.mark.parametrize(("approvals", "notes", "expected"), APPROVED)
def test_approvals_are_those_of_other_people_before_the_merge(
    tmp_path: Path,
    lab: Vendor,
    approvals: dict[str, Any],
    notes: list[dict[str, Any]],
    expected: tuple[int | None, str | None],
) -> None:
    """Not one's own, not a machine's, not afterwards; whose time nobody tells are not known."""
    merged(lab, 7, "2026-03-02T12:00:00.000Z")
    lab.paths[f"{APP}/merge_requests/7/approvals"] = approvals
    lab.paths[f"{APP}/merge_requests/7/notes"] = notes

    (row,) = collected(tmp_path, lab, "gitlab/changes").of(CHANGES)

    assert (row["approvals"], row["approved_by"]) == expected


def test_a_merged_change_tells_its_whole_story(tmp_path: Path, lab: Vendor) -> None:
    """Who, when, what, and which revision was approved: here an older one than was merged."""
    merged(lab, 7, "2026-03-02T12:00:00.000Z")
    lab.paths[f"{APP}/merge_requests/7/approvals"] = given("bob")
    lab.paths[f"{APP}/merge_requests/7/notes"] = [note("bob", "10:00")]

    (row,) = collected(tmp_path, lab, "gitlab/changes").of(CHANGES)

    assert row == {
        "system": "gitlab 127.0.0.1/larkspur/core/app",
        "occurred_at": "2026-03-02 12:00:00",
        "change_uid": "!7",
        "title": "Change 7 (OPS-7)",
        "kind": "code",
        "target": "main",
        "author": "ana",
        "opened_at": "2026-03-01 08:00:00",
        "approvals": 1,
        "approved_by": "bob",
        "approved_at": "2026-03-02 10:00:00",
        "approved_revision": "a" * 40,
        "applied_by": "bob",
        "applied_revision": f"{7:040x}",
        "checks": "passed",
        "ticket": "OPS-7",
        "commit_id": f"{1007:040x}",
    }


PIPELINES = [
    ({"head_pipeline": None}, "none"),
    ({"head_pipeline": {"status": "success"}}, "passed"),
    ({"head_pipeline": {"status": "running"}}, "failed"),
    ({}, None),
]


@pytest.mark.parametrize(("detail", "expected"), PIPELINES)
def test_checks_passed_when_the_pipeline_succeeded(
    tmp_path: Path, lab: Vendor, detail: dict[str, Any], expected: str | None
) -> None:
    """One that did not end did not pass; one that is not told is not known."""
    merged(lab, 7, "2026-03-02T12:00:00.000Z")
    lab.paths[f"{APP}/merge_requests/7"] = detail

    (row,) = collected(tmp_path, lab, "gitlab/changes").of(CHANGES)

    assert row["checks"] == expected


def test_changes_of_every_day_page_and_project_are_there_and_no_others(
    tmp_path: Path, lab: Vendor
) -> None:
    """GitLab tells of all that changed since; what was merged on other days is left."""
    for iid in range(1, 6):
        merged(lab, iid, "2026-03-02T12:00:00.000Z")
    merged(lab, 1, "2026-03-04T23:59:59.999Z", of=SITE)
    merged(lab, 2, "2026-03-05T00:00:00.000Z", of=SITE)
    merged(lab, 3, "2026-02-28T23:59:59.999Z", of=SITE)

    found = collected(tmp_path, lab, "gitlab/changes")

    assert (found.outcome, len(found.of(CHANGES))) == ("complete", 6)
    assert found.covers[CHANGES] == Cover(date(2026, 3, 1), date(2026, 3, 4))
    assert not any("/projects/2/merge_requests/2" in path for path in lab.asked)
    assert any("non_archived=false" in path for path in lab.asked)


def broken(lab: Vendor, case: str) -> None:
    if case == "fewer than announced":
        lab.more = 1
        return
    cases = {
        "an expired token": ("approvals", Said({"message": f"401 Token {TOKEN} is expired"}, 401)),
        "no list": ("notes", Said({"notes": []})),
        "half an answer": ("versions", Said(half([{"head_commit_sha": "a" * 40}]))),
        "a page that is denied": ("notes?page=2", DENIED),
    }
    part, said = cases[case]
    lab.paths[f"{APP}/merge_requests/7/notes"] = [note("bob", "10:00")] * 3
    lab.refused[f"{APP}/merge_requests/7/{part}"] = said


BROKEN = {
    "fewer than announced": "says that there are",
    "an expired token": "401 Token [secret] is expired",
    "no list": "the answer holds no list",
    "half an answer": "is not whole JSON",
    "a page that is denied": "page 2: 403 403 Forbidden",
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_does_not_come_to_its_end_is_refused(tmp_path: Path, lab: Vendor, case: str) -> None:
    """Never a shorter list of changes; and never the token."""
    merged(lab, 7, "2026-03-02T12:00:00.000Z")
    broken(lab, case)

    found = collected(tmp_path, lab, "gitlab/changes")

    assert (found.outcome, found.rows) == ("refused", [])
    assert BROKEN[case] in found.collection.reason
    assert TOKEN not in found.collection.reason


def test_approvals_that_may_not_be_read_are_not_known(tmp_path: Path, lab: Vendor) -> None:
    """And the days are not vouched for, although the change is there."""
    merged(lab, 7, "2026-03-02T12:00:00.000Z")
    lab.refused[f"{APP}/merge_requests/7/approvals"] = DENIED

    found = collected(tmp_path, lab, "gitlab/changes")

    (row,) = found.of(CHANGES)
    assert (found.outcome, row["approvals"]) == ("partial", None)
    assert not found.covers[CHANGES].is_whole


def deployed(number: int, status: str, at: str = "2026-03-02T09:00:00.000Z") -> dict[str, Any]:
    return {
        "id": number,
        "ref": "v1.2",
        "sha": "a" * 40,
        "created_at": at,
        "status": status,
        "user": who("ana"),
        "environment": {"name": "production"},
    }


def test_deployments_say_what_went_where_and_how_it_ended(tmp_path: Path, lab: Vendor) -> None:
    """One that still runs did neither; those of other days are left."""
    ends = ("success", "failed", "running")
    lab.paths[f"{APP}/deployments"] = [deployed(n, end) for n, end in enumerate(ends)]
    lab.paths[f"{SITE}/deployments"] = [deployed(9, "success", "2026-03-05T01:00:00.000Z")]
    lab.said[f"{SITE}/deployments"] = [Said({}, 429, {"Retry-After": "5"})]

    found = collected(tmp_path, lab, "gitlab/deployments")

    rows = found.of("population.deployments")
    assert [row["is_success"] for row in rows] == [True, False, None]
    names = ("application", "environment", "by_account", "version", "deployment_uid")
    assert [rows[0][name] for name in names] == [
        "larkspur/core/app",
        "production",
        "ana",
        "v1.2",
        "0",
    ]
    assert lab.waits == [5.0]


def audited(number: int, **details: object) -> dict[str, Any]:
    told = {"author_name": "Ana", "target_details": "bob", "entity_path": "larkspur/core"}
    return {
        "id": number,
        "author_id": 1,
        "entity_type": "Group",
        "event_name": "an_event",
        "created_at": "2026-03-03T09:00:00.000Z",
        "details": {**told, **details},
    }


def test_audit_events_tell_whose_access_was_changed_and_what_else(
    tmp_path: Path, lab: Vendor
) -> None:
    """Those of the group and of each project, by keyset, each once."""
    lab.paths[f"{GROUP}/audit_events"] = [
        audited(1, add="user_access", **{"as": "Developer"}),
        audited(2, change="access_level", to="Owner", **{"from": "Developer"}),
        audited(3, remove="user_access"),
    ]
    lab.paths[f"{APP}/audit_events"] = [audited(3, remove="user_access"), audited(4, add="branch")]

    found = collected(tmp_path, lab, "gitlab/audit")

    names = ("action", "account", "privilege", "is_privileged")
    said = [tuple(row[name] for name in names) for row in found.of("population.access_grants")]
    assert said == [
        ("granted", "bob", "Developer", False),
        ("changed", "bob", "Owner", True),
        ("revoked", "bob", None, None),
    ]
    (other,) = found.of("population.api_activity")
    assert other["account"] == "Ana"
    assert found.covers["population.access_grants"] == Cover(date(2026, 3, 1), date(2026, 3, 4))


def test_an_edition_that_keeps_no_audit_events_is_refused_in_its_words(
    tmp_path: Path, lab: Vendor
) -> None:
    """No event and none told are two things."""
    lab.refused[f"{GROUP}/audit_events"] = DENIED

    found = collected(tmp_path, lab, "gitlab/audit")

    assert found.outcome == "partial"
    assert not found.covers["population.access_grants"].is_whole


def test_the_check_says_what_each_role_is_shown(lab: Vendor) -> None:
    """One thing of each kind is looked at."""
    lab.refused[f"{GROUP}/audit_events"] = DENIED

    said = checked(CONNECTOR, access(lab))

    assert said.reached == "gitlab 127.0.0.1/larkspur/core"
    assert {finding.permission: finding.grant for finding in said.findings} == {
        "read_api": Grant.GRANTED,
        "Developer": Grant.UNKNOWN,
        "Maintainer": Grant.GRANTED,
        "Owner": Grant.DENIED,
    }


def test_the_token_goes_in_a_header_and_nowhere_else(tmp_path: Path, lab: Vendor) -> None:
    """Not into an address, nor into what is kept."""
    for stream in ("gitlab/access", "gitlab/projects", "gitlab/deployments", "gitlab/audit"):
        collected(tmp_path, lab, stream)

    assert {headers["private-token"] for _, _, headers, _ in lab.server.asked} == {TOKEN}
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert TOKEN.encode() not in kept
    assert TOKEN not in lab.sent


def test_hostile_values_come_out_as_text_or_not_at_all(tmp_path: Path, lab: Vendor) -> None:
    """Of the wrong type, too long, or not of Unicode."""
    merged(
        lab,
        7,
        "2026-03-02T12:00:00.000Z",
        title="\ud800" + "x" * 900,
        author=[],
        merge_user=7,
        target_branch={"a": 1},
        references=None,
        sha=3,
    )

    (row,) = collected(tmp_path, lab, "gitlab/changes").of(CHANGES)

    assert row["title"].startswith("\\ud800x")
    silent = ("author", "applied_by", "target", "applied_revision", "ticket")
    assert {row[name] for name in silent} == {None}
