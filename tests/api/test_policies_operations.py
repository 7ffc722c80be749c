"""Policies over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import Policy, PolicyReview, PolicyVersion

Programs = Callable[..., Program]
NEW = {"id": "access", "content": {"title": "Access"}, "text": {"text": "Ask first.\n"}}


def sent(program: Program, path: str, **data: Any) -> Any:  # noqa: ANN401 - a form, and a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    return client.post(f"/api/v1{path}", data)


def in_force(program: Programs) -> None:
    """Make a policy by the manager, which the administrator approves."""
    author = program(Role.COMPLIANCE_MANAGER)
    author.ask("post", "/policies", NEW)
    author.ask("post", "/policies/access/submission", {"seen": 1})
    approved = program().ask("post", "/policies/access/approval", {"seen": 1})
    assert approved.status_code == 200, approved.content


def test_a_policy_goes_from_draft_to_approval_by_another(
    program: Programs, larkspur: Organization
) -> None:
    """And each step is in the ledger, by the token's person."""
    author, approver = program(Role.COMPLIANCE_MANAGER), program()
    made = author.ask("post", "/policies", NEW)
    assert (made.status_code, made.json()["state"]) == (201, "draft")

    early = approver.ask("post", "/policies/access/approval", {"seen": 1})
    author.ask("post", "/policies/access/submission", {"seen": 1})
    own = author.ask("post", "/policies/access/approval", {"seen": 1})
    approved = approver.ask("post", "/policies/access/approval", {"seen": 1})

    assert (early.status_code, early.json()["slug"]) == (422, "policy-state")
    assert (own.status_code, own.json()["slug"]) == (422, "policy-own-text")
    assert approved.status_code == 200
    assert author.get("/policies/access")["state"] == "in force"
    acts = [each.act for each in changes(larkspur.log) if each.act.startswith("policy.")]
    assert sorted(acts) == ["policy.approved", "policy.made", "policy.submitted"]


def test_who_reads_no_drafts_gets_what_is_in_force(program: Programs) -> None:
    in_force(program)
    manager, employee = program(Role.COMPLIANCE_MANAGER), program(Role.EMPLOYEE)
    manager.ask("post", "/policies", NEW | {"id": "secret"})
    manager.ask("post", "/policies/access/versions", {"seen": 1, "content": {"text": "Secret."}})

    assert [each["id"] for each in employee.get("/policies?state=all")["items"]] == ["access"]
    assert employee.ask("get", "/policies/secret").status_code == 404
    assert employee.ask("get", "/policies/access/versions/2").status_code == 404
    assert employee.get("/policies/access/versions")["total"] == 1
    assert employee.get("/policies/access")["newest"] is None
    assert manager.get("/policies/access")["newest"] == 2
    assert employee.ask("post", "/policies", NEW | {"id": "mine"}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("put", "", {"content": {"title": "Other"}}),
        ("post", "/versions", {"content": {"text": "Other."}}),
        ("post", "/submission", {}),
        ("post", "/return", {"reason": "Too short."}),
        ("post", "/approval", {}),
        ("post", "/retirement", {"reason": "Gone."}),
    ],
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    method: str, path: str, body: dict[str, Any], program: Programs, larkspur: Organization
) -> None:
    caller = program()
    caller.ask("post", "/policies", NEW)
    caller.ask("put", "/policies/access", {"seen": 1, "content": {"title": "Access, once"}})
    caller.ask("post", "/policies/access/versions", {"seen": 1, "content": {"text": "Ask twice."}})
    count = changes(larkspur.log).count()

    stale = caller.ask(method, f"/policies/access{path}", {"seen": 1, **body})

    assert (stale.status_code, stale.json()["slug"]) == (409, "stale-version")
    assert changes(larkspur.log).count() == count


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"id": "../x"}, "id"),
        ({"content": {"title": ""}}, "title"),
        ({"content": {"title": "A", "owner": 10**9}}, "owner"),
        ({"content": {"title": "A", "review_months": 99}}, "review_months"),
        ({"content": {"title": "A", "colour": "red"}}, "colour"),
        ({"text": {"text": ""}}, "text"),
    ],
)
def test_a_policy_with_a_problem_is_refused_and_nothing_is_kept(
    more: dict[str, Any], where: str, program: Programs, larkspur: Organization
) -> None:
    caller = program()
    count = changes(larkspur.log).count()

    answer = caller.ask("post", "/policies", NEW | more)

    assert answer.status_code == 422
    assert [each["where"].rpartition(" ")[2] for each in answer.json()["problems"]] == [where]
    assert (Policy.objects.count(), changes(larkspur.log).count()) == (0, count)


def test_an_id_is_taken_once(program: Programs) -> None:
    caller = program()
    caller.ask("post", "/policies", NEW)

    again = caller.ask("post", "/policies", NEW)

    assert (again.status_code, again.json()["slug"]) == (422, "policy-refused")
    assert PolicyVersion.objects.count() == 1


def test_another_organizations_policy_is_not_found(
    program: Programs, strange_program: Program
) -> None:
    in_force(program)
    for method, path, body in (
        ("get", "", None),
        ("get", "/versions", None),
        ("get", "/versions/1", None),
        ("get", "/versions/1/policy.md", None),
        ("put", "", {"seen": 1, "content": {"title": "Mine"}}),
        ("post", "/reviews", {"seen": 1, "reason": "Read."}),
        ("post", "/retirement", {"seen": 1, "reason": "Gone."}),
    ):
        answer = strange_program.ask(method, f"/policies/access{path}", body)
        assert answer.status_code == 404, path
    assert strange_program.get("/policies?state=all")["total"] == 0
    assert Policy.objects.get().title == "Access"


def test_two_reviews_of_one_version_at_once_make_one_record(
    program: Programs, larkspur: Organization
) -> None:
    in_force(program)
    one, other = program(), program(Role.COMPLIANCE_MANAGER)
    body = {"seen": 1, "reason": "Read against what we do."}

    first = one.ask("post", "/policies/access/reviews", body)
    count = changes(larkspur.log).count()
    second = other.ask("post", "/policies/access/reviews", body)

    assert first.status_code == 200
    assert (second.status_code, second.json()["slug"]) == (409, "policy-reviewed")
    assert "administrator@larkspur.example" in second.json()["what"]
    assert (PolicyReview.objects.count(), changes(larkspur.log).count()) == (1, count)


def test_a_template_blocks_its_submission_until_it_is_filled(program: Programs) -> None:
    caller = program()
    template = caller.get("/policy-templates")[0]
    caller.ask("post", "/policies", {"id": "filled", "template": template["id"]})

    blocked = caller.ask("post", "/policies/filled/submission", {"seen": 1})
    content = caller.get("/policies/filled/versions/1")["content"]
    values = {name: each["example"] for name, each in template["placeholders"].items()}
    caller.ask(
        "post", "/policies/filled/versions", {"seen": 1, "content": content | {"values": values}}
    )
    submitted = caller.ask("post", "/policies/filled/submission", {"seen": 2})

    assert (blocked.status_code, blocked.json()["slug"]) == (422, "policy-unfilled")
    assert submitted.status_code == 200


def test_what_is_imported_is_what_the_dry_run_showed(
    program: Programs, larkspur: Organization
) -> None:
    """Another file than the one that was looked at makes nothing; a Mustache form is unfilled."""
    caller = program()
    text = b"# Backups\n\nWe keep {{#needs}}{{days}}{{/needs}} days.\n"

    def file(content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("backups.md", content)

    shown = sent(caller, "/policy-imports/dry-run", file=file(text)).json()
    expected = shown["fingerprint"]
    other = sent(caller, "/policy-imports", file=file(text + b"More.\n"), expected=expected)
    assert (other.status_code, Policy.objects.count()) == (422, 0)
    made = sent(caller, "/policy-imports", file=file(text), expected=expected)

    assert made.status_code == 200, made.content
    assert "days" in str(shown["policies"][0]["unfilled"])
    assert caller.get("/policies/backups")["state"] == "draft"
    assert changes(larkspur.log).filter(act="policies.imported").count() == 1
