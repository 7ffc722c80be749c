"""Reviews of access over the API."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import AccessReview, AccountDecision, AccountList

Programs = Callable[..., Program]
TAKEN = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%d %H:%M}"
ORIGIN = {"source": "Console", "query": "list users", "taken_at": TAKEN, "taken_by": "Ada"}
LIST = b"user,email,role,enabled\nada,ada@larkspur.example,admin,yes\nbo,bo@x.example,reader,no\n"
REMOVE = {"row": 1, "decision": "remove", "reason": "Left."}
KEEP = {"row": 2, "decision": "keep", "reason": "A service account."}
DECISIONS = "/access-reviews/1/systems/1/decisions"


def runs(organization: Organization) -> int:
    return Membership.objects.get(organization=organization, role=Role.ADMINISTRATOR).pk


def fields(organization: Organization) -> dict[str, Any]:
    who = runs(organization)
    systems = [{"asset": 1, "reviewer": who}]
    return {"title": "June", "owner": who, "due_on": "2099-06-30", "systems": systems}


def start(program: Program, organization: Organization) -> None:
    """Start a review of one system."""
    asset = {"name": "Console", "has_accounts": True, "review_months": 3}
    program.ask("post", "/assets", {"content": asset})
    made = program.ask("post", "/access-reviews", {"content": fields(organization)})
    assert made.status_code == 201, made.content


def brought(program: Program, /, content: bytes = LIST, **more: Any) -> Any:  # noqa: ANN401 - a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    file = SimpleUploadedFile("accounts.csv", content)
    return client.post("/api/v1/assets/1/accounts", {"file": file, **ORIGIN, **more})


def decide(program: Program, *decisions: dict[str, Any]) -> Any:  # noqa: ANN401 - a response
    return program.ask("post", DECISIONS, {"decisions": list(decisions)})


def kept(organization: Organization) -> tuple[int, ...]:
    rows = (AccessReview, AccountList, AccountDecision)
    return (*(row.objects.count() for row in rows), changes(organization.log).count())


@pytest.fixture
def listed(program: Programs, larkspur: Organization) -> Program:
    """Whoever runs and reviews a review of one system, whose list is brought."""
    caller = program()
    start(caller, larkspur)
    assert brought(caller, review="1").status_code == 201
    return caller


def test_a_review_is_listed_decided_finished_and_reopened(listed: Program) -> None:
    """It cannot be finished with a hole in it; a removal is open until a list shows it done."""
    early = listed.ask("post", "/access-reviews/1/finish", {"seen": 1})
    assert (early.status_code, early.json()["slug"]) == (422, "review-incomplete")

    assert decide(listed, REMOVE, KEEP).json() == {"count": 2}
    done = listed.ask("post", "/access-reviews/1/finish", {"seen": 1})
    assert (done.status_code, done.json()["decided"]) == (200, 2), done.content
    after = decide(listed, REMOVE | {"seen": 1, "reason": "Other"})
    assert (after.status_code, after.json()["slug"]) == (422, "review-finished")
    (removal,) = listed.get("/access-reviews/removals")["items"]
    assert (removal["account"], removal["state"]) == ("ada", "not known")

    said = {"seen": done.json()["version"], "reason": "One was missed."}
    opened = listed.ask("post", "/access-reviews/1/reopen", said)
    assert (opened.status_code, opened.json()["finished_on"]) == (200, None)
    assert listed.ask("get", "/access-reviews/1/review.xlsx").content.startswith(b"PK")


def test_a_list_is_shown_before_it_is_kept(listed: Program) -> None:
    client = Client(headers={"Authorization": f"Bearer {listed.secret}"})
    file = SimpleUploadedFile("accounts.csv", LIST)

    shown = client.post("/api/v1/assets/1/accounts/dry-run", {"file": file}).json()

    assert (shown["accounts"], shown["problems"]) == (2, [])
    (kept_list,) = listed.get("/assets/1/accounts")["items"]
    assert (kept_list["rows"], kept_list["is_whole"]) == (2, None)
    assert listed.ask("get", f"/files/{kept_list['file']}").content == LIST


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(
    listed: Program, larkspur: Organization
) -> None:
    """One stale decision holds back all that were sent with it."""
    decide(listed, REMOVE)
    before = kept(larkspur)

    late = decide(listed, KEEP, REMOVE | {"decision": "keep"})

    assert (late.status_code, late.json()["slug"]) == (409, "stale-version")
    assert late.json()["current"] == {
        "version": 1,
        "content": {"decision": "remove", "reason": "Left."},
    }
    assert kept(larkspur) == before


def test_what_somebody_else_changed_of_the_review_is_not_overwritten(
    listed: Program, larkspur: Organization
) -> None:
    content = fields(larkspur)
    changed = {"seen": 1, "content": content | {"note": "First"}}
    assert listed.ask("put", "/access-reviews/1", changed).status_code == 200
    before = kept(larkspur)

    late = [
        listed.ask("put", "/access-reviews/1", {"seen": 1, "content": content | {"note": "2"}}),
        listed.ask("post", "/access-reviews/1/finish", {"seen": 1}),
        listed.ask("post", "/access-reviews/1/reopen", {"seen": 1, "reason": "x"}),
    ]

    assert [each.status_code for each in late] == [409] * 3
    assert [each.json()["current"]["content"]["note"] for each in late] == ["First"] * 3
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    "decisions",
    [
        pytest.param([KEEP, KEEP], id="one account twice"),
        pytest.param([KEEP, REMOVE | {"row": 3}], id="a row that is not on the list"),
        pytest.param([KEEP, REMOVE | {"row": 10**30}], id="a row that no list has"),
        pytest.param([KEEP, {"row": 1, "decision": "keep"}], id="what is marked, for no reason"),
        pytest.param([KEEP, {"row": 1, "decision": "change"}], id="a change to nothing"),
        pytest.param([KEEP, REMOVE | {"decision": "perhaps"}], id="no decision"),
        pytest.param([KEEP, REMOVE | {"reason": "x" * 2_001}], id="too long a reason"),
        pytest.param([KEEP, REMOVE | {"row": "one"}], id="no number"),
        pytest.param([KEEP, "remove"], id="no object"),
    ],
)
def test_decisions_with_a_problem_are_refused_together(
    decisions: list[Any], listed: Program, larkspur: Organization
) -> None:
    before = kept(larkspur)

    answer = decide(listed, *decisions)

    assert (answer.status_code, bool(answer.json()["problems"])) == (422, True), answer.content
    assert kept(larkspur) == before


def test_more_decisions_than_are_taken_at_once_are_refused_not_left_out(
    listed: Program, larkspur: Organization
) -> None:
    """Of 201, the last would be lost without anybody noticing."""
    rows = range(1, 202)
    content = b"user\n" + b"".join(b"user-%d\n" % row for row in rows)
    assert brought(listed, content, review="1").status_code == 201
    before = kept(larkspur)
    decisions = [{"row": row, "decision": "remove"} for row in rows]

    answer = decide(listed, *decisions)

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == ["decisions"]
    assert kept(larkspur) == before
    assert decide(listed, *decisions[:200]).json() == {"count": 200}


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": ["x"]}, "title"),
        ({"owner": 10**8}, "owner"),
        ({"owner": 10**30}, "owner"),
        ({"due_on": "soon"}, "due_on"),
        ({"unused_days": True}, "unused_days"),
        ({"removal_days": 366}, "removal_days"),
        ({"note": "x" * 2_001}, "note"),
        ({"systems": [{"asset": 2, "reviewer": 1}]}, "systems"),
        ({"systems": [{"asset": n, "reviewer": 1} for n in range(1, 60)]}, "systems"),
        ({"systems": "all"}, "systems"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_review_with_a_problem_is_refused_and_its_field_named(
    more: dict[str, Any], where: str, listed: Program, larkspur: Organization
) -> None:
    before = kept(larkspur)
    content = fields(larkspur) | more

    tried = [
        listed.ask("post", "/access-reviews", {"content": content}),
        listed.ask("put", "/access-reviews/1", {"seen": 1, "content": content}),
    ]

    assert [each.status_code for each in tried] == [422] * 2
    assert [each.json()["problems"][0]["where"] for each in tried] == [where] * 2
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"source": ""}, "source"),
        ({"query": "x" * 4_001}, "query"),
        ({"taken_at": "yesterday"}, "taken_at"),
        ({"is_whole": "perhaps"}, "is_whole"),
        ({"review": "2"}, "review"),
        ({"review": str(10**30)}, "review"),
    ],
)
def test_a_list_whose_origin_is_not_known_is_refused(
    more: dict[str, Any], where: str, listed: Program, larkspur: Organization
) -> None:
    before = kept(larkspur)

    answer = brought(listed, **more)

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == [where]
    assert kept(larkspur) == before


def test_another_organizations_review_is_not_found(
    listed: Program, strange_program: Program, larkspur: Organization
) -> None:
    before = kept(larkspur)
    content = fields(larkspur)

    tried = [
        strange_program.ask("get", "/access-reviews/1"),
        strange_program.ask("get", "/access-reviews/1/review.xlsx"),
        strange_program.ask("get", "/access-reviews/1/systems/1/accounts"),
        strange_program.ask("put", "/access-reviews/1", {"seen": 1, "content": content}),
        strange_program.ask("post", "/access-reviews/1/finish", {"seen": 1}),
        strange_program.ask("post", "/access-reviews/1/reopen", {"seen": 1, "reason": "x"}),
        strange_program.ask("post", "/access-reviews/1/systems/1/keep"),
        decide(strange_program, REMOVE),
        strange_program.ask("get", "/assets/1/accounts"),
        brought(strange_program),
    ]

    assert [each.status_code for each in tried] == [404] * 10
    assert strange_program.get("/access-reviews")["total"] == 0
    assert strange_program.get("/access-reviews/removals")["total"] == 0
    assert kept(larkspur) == before


def test_another_organizations_members_review_nothing_here(
    listed: Program, strange_program: Program, larkspur: Organization
) -> None:
    """Neither as who runs it nor as who decides, and their systems are in no review."""
    assert strange_program.get("/assets")["total"] == 0
    stranger = Membership.objects.exclude(organization=larkspur).get().pk
    content = fields(larkspur)
    before = kept(larkspur)

    tried = [
        listed.ask("post", "/access-reviews", {"content": content | more})
        for more in ({"owner": stranger}, {"systems": [{"asset": 1, "reviewer": stranger}]})
    ]

    assert [(each.status_code, each.json()["problems"][0]["where"]) for each in tried] == [
        (422, "owner"),
        (422, "systems"),
    ]
    assert kept(larkspur) == before


def test_nobody_decides_what_is_anothers_to_decide(
    listed: Program, program: Programs, larkspur: Organization
) -> None:
    owner = program(Role.CONTROL_OWNER)
    before = kept(larkspur)

    answer = decide(owner, REMOVE)

    assert (answer.status_code, answer.json()["slug"]) == (422, "decision-not-yours")
    assert kept(larkspur) == before


def test_who_may_only_read_changes_nothing(
    listed: Program, program: Programs, larkspur: Organization
) -> None:
    """An auditor reads every decision; an employee, none."""
    auditor, employee = program(Role.AUDITOR), program(Role.EMPLOYEE)
    before = kept(larkspur)

    assert auditor.get("/access-reviews/1/systems/1/accounts")["total"] == 2
    assert employee.ask("get", "/access-reviews/1").status_code == 403
    content = fields(larkspur)
    tried = [
        auditor.ask("post", "/access-reviews", {"content": content}),
        auditor.ask("put", "/access-reviews/1", {"seen": 1, "content": content}),
        auditor.ask("post", "/access-reviews/1/finish", {"seen": 1}),
        auditor.ask("post", "/access-reviews/1/systems/1/keep"),
        decide(auditor, REMOVE),
        brought(auditor),
    ]
    assert [each.status_code for each in tried] == [403] * 6
    assert kept(larkspur) == before


@pytest.mark.parametrize("reason", ["", " ", "x" * 10_001])
def test_a_review_is_reopened_for_a_reason_that_is_kept_whole(
    reason: str, listed: Program, larkspur: Organization
) -> None:
    decide(listed, REMOVE, KEEP)
    listed.ask("post", "/access-reviews/1/finish", {"seen": 1})
    before = kept(larkspur)

    answer = listed.ask("post", "/access-reviews/1/reopen", {"seen": 2, "reason": reason})

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == ["reason"]
    assert kept(larkspur) == before


def test_decisions_are_kept_as_json(listed: Program) -> None:
    """What is answered is what was sent."""
    sent = REMOVE | {"reason": "=1+1 \u2013 é"}
    decide(listed, sent)

    first = json.loads(listed.ask("get", "/access-reviews/1/systems/1/accounts").content)["items"][
        0
    ]

    assert (first["decision"], first["reason"], first["version"]) == ("remove", sent["reason"], 1)
