"""Vendors over the API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Organization
from reperform.accounts.permissions import Role
from reperform.ledger.queries import changes
from reperform.program.models import KeptFile, SocReport, Vendor, VendorReview

Programs = Callable[..., Program]
NEW = {"name": "Tamarack Cloud", "service": "Computing", "criticality": "high"}
REVIEW = {
    "kind": "periodic",
    "reviewed_on": "2025-07-01",
    "looked_at": ["own checks"],
    "outcome": "acceptable with conditions",
    "findings": "One thing is open",
    "conditions": [{"text": "Turn on SSO", "due_on": "2025-10-01"}],
}
REPORT = {"kind": "SOC 2", "type": 2, "first": "2024-07-01", "last": "2025-06-30"}
END = {"ended_on": "2025-08-01", "end_reason": "Replaced", "data_end": "held none"}
PDF = b"%PDF-1.7 invented"


def enter(program: Program) -> None:
    made = program.ask("post", "/vendors", {"content": NEW})
    assert made.status_code == 201, made.content


def sent(program: Program, path: str, content: object, file: bytes = b"", **more: Any) -> Any:  # noqa: ANN401 - form fields, and a response
    client = Client(headers={"Authorization": f"Bearer {program.secret}"})
    files = {"file": SimpleUploadedFile("proof.pdf", file)} if file else {}
    return client.post(f"/api/v1/vendors{path}", {"content": json.dumps(content), **files, **more})


def kept(organization: Organization) -> tuple[int, ...]:
    rows = (Vendor, VendorReview, SocReport, KeptFile)
    return (*(row.objects.count() for row in rows), changes(organization.log).count())


def test_a_review_is_recorded_once(program: Programs, larkspur: Organization) -> None:
    """Whoever sends it again, as after a lost answer, is told that it is there already."""
    caller = program()
    enter(caller)

    first = sent(caller, "/1/reviews", REVIEW, PDF, seen=1)
    before = kept(larkspur)
    again = sent(caller, "/1/reviews", REVIEW, PDF, seen=1)

    assert first.status_code == 201, first.content
    assert (again.status_code, again.json()["slug"]) == (409, "stale-version")
    assert kept(larkspur) == before
    assert caller.get("/vendors/1/reviews")["total"] == 1
    assert [each["text"] for each in caller.get("/vendors/1/conditions")["items"]] == [
        "Turn on SSO"
    ]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    program: Programs, larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    changed = caller.ask("put", "/vendors/1", {"seen": 1, "content": NEW | {"service": "Storage"}})
    assert changed.status_code == 200, changed.content
    before = kept(larkspur)

    late = [
        caller.ask("put", "/vendors/1", {"seen": 1, "content": NEW | {"service": "Mail"}}),
        sent(caller, "/1/reviews", REVIEW, PDF, seen=1),
        sent(caller, "/1/end", END, PDF, seen=1),
    ]

    assert [(each.status_code, each.json()["slug"]) for each in late] == [
        (409, "stale-version")
    ] * 3
    assert kept(larkspur) == before
    assert caller.get("/vendors/1")["content"]["service"] == "Storage"


def test_a_condition_is_settled_by_whoever_saw_how_it_stands(
    program: Programs, larkspur: Organization
) -> None:
    caller, path = program(), "/vendors/1/conditions/1"
    enter(caller)
    sent(caller, "/1/reviews", REVIEW, seen=1)
    settled = {"seen": 1, "state": "met", "settled_on": "2025-09-01", "reason": "Turned on"}

    met = caller.ask("put", path, settled)
    before = kept(larkspur)
    late = caller.ask("put", path, settled | {"state": "waived", "reason": "Not needed"})

    assert (met.status_code, met.json()["state"]) == (200, "met"), met.content
    assert (late.status_code, late.json()["slug"]) == (409, "stale-version")
    assert kept(larkspur) == before


@pytest.mark.parametrize("path", ["", "/reviews", "/conditions", "/reports", "/reports/1"], ids=str)
def test_another_organizations_vendor_is_not_found(
    path: str, program: Programs, strange_program: Program
) -> None:
    enter(program())
    sent(program(), "/1/reports", REPORT, PDF)

    assert program().ask("get", f"/vendors/1{path}").status_code == 200
    assert strange_program.ask("get", f"/vendors/1{path}").status_code == 404


def test_another_organizations_vendor_is_changed_by_nothing(
    program: Programs, strange_program: Program, larkspur: Organization
) -> None:
    enter(program())
    before = kept(larkspur)

    tried = [
        strange_program.ask("put", "/vendors/1", {"seen": 1, "content": NEW}),
        sent(strange_program, "/1/reviews", REVIEW, PDF, seen=1),
        sent(strange_program, "/1/reports", REPORT, PDF),
        sent(strange_program, "/1/end", END, PDF, seen=1),
    ]

    assert [each.status_code for each in tried] == [404] * 4
    assert kept(larkspur) == before


@pytest.mark.parametrize(
    "more",
    [{"name": ""}, {"criticality": "huge"}, {"owner": 10**9}, {"colour": "red"}],
    ids=lambda more: next(iter(more)),
)
def test_a_vendor_with_a_problem_is_refused_and_nothing_is_kept(
    more: dict[str, Any], program: Programs, larkspur: Organization
) -> None:
    caller = program()
    before = kept(larkspur)

    answer = caller.ask("post", "/vendors", {"content": NEW | more})

    assert answer.status_code == 422
    assert [each["where"].rpartition(" ")[2] for each in answer.json()["problems"]] == list(more)
    assert kept(larkspur) == before


@pytest.mark.parametrize("file", [b"\x7fELF\x02\x01\x01\0", b"PK\x03\x04" + b"\0" * 40])
def test_what_is_no_proof_is_refused_with_all_that_came_with_it(
    file: bytes, program: Programs, larkspur: Organization
) -> None:
    caller = program()
    enter(caller)
    before = kept(larkspur)

    tried = [
        sent(caller, "/1/reviews", REVIEW, file, seen=1),
        sent(caller, "/1/reports", REPORT, file),
        sent(caller, "/1/end", END, file, seen=1),
    ]

    assert [(each.status_code, each.json()["slug"]) for each in tried] == [
        (422, "upload-refused")
    ] * 3
    assert kept(larkspur) == before


def test_who_may_not_edit_vendors_changes_none(program: Programs, larkspur: Organization) -> None:
    enter(program())
    employee = program(Role.EMPLOYEE)
    before = kept(larkspur)

    assert employee.ask("post", "/vendors", {"content": NEW}).status_code == 403
    assert sent(employee, "/1/reviews", REVIEW, seen=1).status_code == 403
    assert kept(larkspur) == before
