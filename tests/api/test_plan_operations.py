"""The plan over the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api.conftest import Program
from reperform.accounts.models import Membership, Organization
from reperform.accounts.permissions import Role


def test_a_task_is_made_read_changed_and_closed(program: Callable[..., Program]) -> None:
    caller = program()
    made = caller.ask("post", "/tasks", {"content": {"title": "Review", "effort_days": 3}})
    assert made.status_code == 201
    task = made.json()
    content = {
        name: value for name, value in task.items() if name not in ("number", "version", "is_late")
    }

    changed = caller.ask("put", "/tasks/1", {"seen": 1, "content": content | {"risk": "high"}})
    stale = caller.ask("put", "/tasks/1", {"seen": 1, "content": content})
    closed = caller.ask("post", "/tasks/1/close", {"seen": 2, "state": "done", "reason": "Ok"})

    assert changed.json()["risk"] == "high"
    assert (stale.status_code, stale.json()["slug"]) == (409, "stale-version")
    assert closed.json()["state"] == "done"
    assert caller.get("/tasks?state=open")["total"] == 0
    assert caller.get("/tasks?state=done")["items"][0]["reason"] == "Ok"


@pytest.mark.parametrize(
    "content", [{}, {"title": ""}, {"title": "x", "owner": 10**12}, {"title": "x", "ünknown": 1}]
)
def test_a_task_with_a_problem_is_refused(
    program: Callable[..., Program], content: dict[str, object]
) -> None:
    caller = program()

    answer = caller.ask("post", "/tasks", {"content": content})

    assert answer.status_code == 422
    assert answer.json()["problems"]
    assert caller.get("/tasks")["total"] == 0


def test_a_control_owners_token_changes_own_tasks_only(
    program: Callable[..., Program], larkspur: Organization
) -> None:
    manager, owner = program(), program(Role.CONTROL_OWNER)
    me = Membership.objects.get(user__email="control_owner@larkspur.example")
    manager.ask("post", "/tasks", {"content": {"title": "Mine", "owner": me.pk}})
    manager.ask("post", "/tasks", {"content": {"title": "Not mine"}})

    mine = owner.ask("post", "/tasks/1/close", {"seen": 1, "state": "done"})
    other = owner.ask("post", "/tasks/2/close", {"seen": 1, "state": "done"})

    assert mine.status_code == 200
    assert (other.status_code, other.json()["slug"]) == (422, "task-not-yours")


def test_another_organizations_tasks_are_not_found(
    program: Callable[..., Program], strange_program: Program
) -> None:
    program().ask("post", "/tasks", {"content": {"title": "Secret"}})

    assert strange_program.ask("get", "/tasks/1").status_code == 404
    assert strange_program.get("/tasks")["total"] == 0


def test_what_is_proposed_is_made_once(program: Callable[..., Program]) -> None:
    caller = program()
    offered = [each["gap"] for each in caller.get("/tasks/proposed") if each["state"] == "new"]

    first = caller.ask("post", "/tasks/proposed", {"gaps": offered})
    second = caller.ask("post", "/tasks/proposed", {"gaps": offered})

    assert len(first.json()) == len(offered) == 33
    assert second.json() == []


def test_the_plan_says_why_no_start_can_be_said(program: Callable[..., Program]) -> None:
    """33 common criteria without a control or a task."""
    found = program().get("/plan")

    assert found["start"] is None
    (obstacle,) = found["obstacles"]
    assert obstacle.startswith("neither a control nor an open task is there for CC1.1, CC1.2,")
    assert obstacle.count("CC") == 33


def _send(caller: Program, path: str, content: bytes, **fields: str) -> Any:  # noqa: ANN401 - a response of the test client
    client = Client(headers={"Authorization": f"Bearer {caller.secret}"})
    file = SimpleUploadedFile("old.csv", content)
    return client.post(f"/api/v1{path}", {"file": file, **fields})


def test_an_assessment_is_imported_as_its_dry_run_showed(program: Callable[..., Program]) -> None:
    caller, content = program(), b"criterion,status\nCC6.1,met\nCC6.2,not met\n"
    shown = _send(caller, "/assessments/dry-run", content)

    wrong = _send(caller, "/assessments", content, expected="0" * 64)
    right = _send(caller, "/assessments", content, expected=shown.json()["fingerprint"])

    assert shown.json()["problems"] == []
    assert (wrong.status_code, wrong.json()["slug"]) == (422, "import-changed")
    assert right.status_code == 201
    assert [each["status"] for each in caller.get("/assessments/claims")] == ["met", "not met"]
    assert caller.get("/tasks")["total"] == 1


def test_a_file_with_problems_is_refused_with_each_of_them(
    program: Callable[..., Program],
) -> None:
    caller, content = program(), b"criterion,status\nCC6.1,maybe\nXX,met\n"

    shown = _send(caller, "/assessments/dry-run", content)
    refused = _send(caller, "/assessments", content, expected=shown.json()["fingerprint"])

    assert len(shown.json()["problems"]) == 2
    assert (refused.status_code, refused.json()["slug"]) == (422, "import-problems")
    assert len(refused.json()["problems"]) == 2
    assert caller.get("/assessments") == []
