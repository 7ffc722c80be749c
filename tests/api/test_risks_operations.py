"""Risks, their judgments and the scales over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import Risk, RiskAssessment, RiskScales

Programs = Callable[..., Program]
NEW = {"title": "Leavers keep access", "category": "people"}
LEVELS = {
    "inherent_likelihood": 4,
    "inherent_impact": 4,
    "residual_likelihood": 2,
    "residual_impact": 4,
    "reason": "Accounts end on the last day.",
}
JUDGMENT = {"seen": 1, "scales": 0, "content": LEVELS}
LIST = b"title,category\nLeavers keep access,people\nA cloud region fails,availability\n"


def enter(program: Program) -> None:
    made = program.ask("post", "/risks", {"content": NEW})
    assert made.status_code == 201, made.content


def sent(program: Program, path: str, **data: Any) -> Any:  # noqa: ANN401 - a form, and a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    file = SimpleUploadedFile("risks.csv", LIST)
    return client.post(f"/api/v1/risks{path}", {"file": file, **data})


def kept(organization: Organization) -> tuple[int, ...]:
    rows = (Risk, RiskAssessment, RiskScales)
    return (*(row.objects.count() for row in rows), changes(organization.log).count())


def test_a_risk_is_entered_judged_treated_and_closed(program: Programs) -> None:
    """Nobody has judged it at first, which is not a low rating; what was judged stays."""
    caller = program()
    enter(caller)
    assert caller.get("/risks/1")["judged"] is None

    judged = caller.ask("post", "/risks/1/judgments", JUDGMENT)
    assert (judged.status_code, judged.json()["judged"]["residual_likelihood"]) == (201, 2)
    treated = NEW | {"treatment": "mitigate", "treatment_reason": "Offboarding is automated."}
    changed = caller.ask("put", "/risks/1", {"seen": 2, "content": treated})
    assert (changed.status_code, changed.json()["version"]) == (200, 3), changed.content
    content = treated | {"state": "closed", "closed_because": "Accounts end by themselves."}
    closed = caller.ask("put", "/risks/1", {"seen": 3, "content": content})

    assert (closed.json()["state"], closed.json()["judged"]["number"]) == ("closed", 1)
    assert caller.get("/risks?state=open")["total"] == 0
    assert [each["inherent_likelihood"] for each in caller.get("/risks/1/judgments")] == [4]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    program: Programs, larkspur: Organization
) -> None:
    """The answer says what stands now, so that nobody has to look for it."""
    caller = program()
    enter(caller)
    caller.ask("put", "/risks/1", {"seen": 1, "content": NEW | {"objective": "Trust"}})
    before = kept(larkspur)

    late = [
        caller.ask("put", "/risks/1", {"seen": 1, "content": NEW | {"objective": "Sales"}}),
        caller.ask("post", "/risks/1/judgments", JUDGMENT),
    ]

    assert [(each.status_code, each.json()["slug"]) for each in late] == [
        (409, "stale-version")
    ] * 2
    assert [each.json()["current"]["content"]["objective"] for each in late] == ["Trust"] * 2
    assert kept(larkspur) == before


def test_nothing_is_judged_or_decided_with_scales_that_hold_no_longer(
    program: Programs, larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    scales = caller.get("/risks/scales")["content"]
    decided = {"seen": 0, "content": scales | {"appetite": "low"}}
    assert caller.ask("put", "/risks/scales", decided).json()["version"] == 1
    before = kept(larkspur)

    judged = caller.ask("post", "/risks/1/judgments", JUDGMENT)
    again = caller.ask("put", "/risks/scales", decided | {"content": scales})

    assert [each.status_code for each in (judged, again)] == [409, 409]
    assert again.json()["current"]["content"]["appetite"] == "low"
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    "more",
    [
        {"title": ""},
        {"title": ["x"]},
        {"title": "x" * 201},
        {"description": "x" * 10_001},
        {"category": {"people": 1}},
        {"owner": True},
        {"owner": 10**30},
        {"cycle_months": 13},
        {"accepted_until": 20260101},
        {"controls": ["ZZZ-1"]},
        {"criteria": "CC99"},
        {"loss_high": -1},
        {"colour": "red"},
    ],
    ids=lambda more: f"{next(iter(more))} {next(iter(more.values()))!r:.20}",
)
def test_a_risk_with_a_problem_is_refused_and_its_field_named(
    more: dict[str, Any], program: Programs, larkspur: Organization
) -> None:
    caller = program()
    before = kept(larkspur)

    answer = caller.ask("post", "/risks", {"content": NEW | more})

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == list(more)
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"inherent_impact": 99}, "inherent_impact"),
        ({"residual_likelihood": 5}, "residual_likelihood"),
        ({"reason": ""}, "reason"),
        ({"on": "9999-12-31"}, "on"),
        ({"note": 7}, "note"),
    ],
)
def test_a_judgment_with_a_problem_is_refused_and_its_field_named(
    more: dict[str, Any], where: str, program: Programs, larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)

    answer = caller.ask("post", "/risks/1/judgments", JUDGMENT | {"content": LEVELS | more})

    assert answer.status_code == 422
    assert [each["where"] for each in answer.json()["problems"]] == [where]
    assert kept(larkspur) == before


@pytest.mark.parametrize("content", [{}, {"appetite": "low"}, {"likelihood": "x"}], ids=str)
def test_scales_with_a_problem_are_refused(
    content: dict[str, Any], program: Programs, larkspur: Organization
) -> None:
    caller = program()
    before = kept(larkspur)

    answer = caller.ask("put", "/risks/scales", {"seen": 0, "content": content})

    assert (answer.status_code, bool(answer.json()["problems"])) == (422, True)
    assert kept(larkspur) == before


def test_another_organizations_risk_is_not_found(
    program: Programs, strange_program: Program, larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)

    tried = [
        strange_program.ask("get", "/risks/1"),
        strange_program.ask("get", "/risks/1/judgments"),
        strange_program.ask("put", "/risks/1", {"seen": 1, "content": NEW}),
        strange_program.ask("post", "/risks/1/judgments", JUDGMENT),
        caller.ask("get", f"/risks/{10**30}"),
    ]

    assert [each.status_code for each in tried] == [404] * 5
    assert strange_program.get("/risks")["total"] == 0
    assert kept(larkspur) == before


@pytest.mark.parametrize("field", ["owner", "accepted_by"])
def test_another_organizations_member_is_nobody_to_name(
    field: str, program: Programs, strange_program: Program, larkspur: Organization
) -> None:
    stranger = Membership.objects.exclude(organization=larkspur).get()
    caller = program()
    enter(caller)
    accepted = {
        "treatment": "accept",
        "treatment_reason": "It is rare.",
        "accepted_by": Membership.objects.get(organization=larkspur).pk,
        "accepted_until": "2099-01-01",
    }
    before = kept(larkspur)

    content = NEW | accepted | {field: stranger.pk}
    tried = [
        caller.ask("post", "/risks", {"content": content}),
        caller.ask("put", "/risks/1", {"seen": 1, "content": content}),
    ]

    assert [(each.status_code, each.json()["problems"][0]["where"]) for each in tried] == [
        (422, field)
    ] * 2
    assert kept(larkspur) == before


def test_a_file_is_imported_as_its_dry_run_showed_or_not_at_all(
    program: Programs, larkspur: Organization
) -> None:
    caller = program()
    before = kept(larkspur)
    shown = sent(caller, "/import/dry-run")
    other = sent(caller, "/import", expected="x")
    assert (shown.json()["made"], other.status_code, kept(larkspur)) == (2, 422, before)

    done = sent(caller, "/import", expected=shown.json()["fingerprint"])

    assert (done.status_code, caller.get("/risks")["total"]) == (201, 2), done.content


def test_who_may_only_read_changes_nothing(program: Programs, larkspur: Organization) -> None:
    """An auditor reads every risk; an employee, none."""
    enter(program())
    auditor, employee = program(Role.AUDITOR), program(Role.EMPLOYEE)
    before = kept(larkspur)

    assert auditor.get("/risks/1")["title"] == NEW["title"]
    assert employee.ask("get", "/risks/1").status_code == 403
    tried = [
        auditor.ask("post", "/risks", {"content": NEW}),
        auditor.ask("put", "/risks/1", {"seen": 1, "content": NEW}),
        auditor.ask("post", "/risks/1/judgments", JUDGMENT),
        auditor.ask("put", "/risks/scales", {"seen": 0, "content": {}}),
        sent(auditor, "/import/dry-run"),
        sent(auditor, "/import", expected="x"),
    ]
    assert [each.status_code for each in tried] == [403] * 6
    assert kept(larkspur) == before
