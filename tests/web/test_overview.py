"""The first page: what is ready, what is due, what broke; each with what to do next."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.audit.actions import keep_examination
from reperform.ledger.models import Change
from reperform.program.actions.control_keeping import NewControl
from reperform.program.actions.controls import adopt_controls
from reperform.program.controls.document import ControlDocument
from reperform.program.models import RemediationTask
from web.conftest import AT
from web.examined import results, write_outputs

NOW = datetime.now(UTC)
HOME = "/o/larkspur/"
MOST_QUERIES = 45
"""When something was recorded since the last view: half of them ask the registers."""


def said(client: Client, url: str = HOME) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def task(
    organization: Organization, number: int, *, owner: User | None = None, days: int = 3
) -> RemediationTask:
    member = Membership.objects.get(user=owner, organization=organization) if owner else None
    return RemediationTask.objects.create(
        organization=organization,
        number=number,
        title=f"Task {number}",
        risk="low",
        owner=member,
        due_on=NOW.date() + timedelta(days=days),
        changed_at=AT,
    )


def examine(organization: Organization, folder: Path, *, exceptions: int, at: datetime) -> None:
    said = results(exceptions=exceptions)
    said["tests"][0]["conclusion"] = "exceptions noted" if exceptions else "no exceptions"
    keep_examination(
        organization=organization, folder=write_outputs(folder, said), by="test", at=at
    )


def test_a_new_program_is_told_what_to_do_first(manager: Client) -> None:
    page = said(manager)

    assert "Next: scope" in page
    assert "How a report comes about" in page
    assert "only they give an" in page
    assert "Decide the scope" in page
    assert "Nothing is late" in page
    assert "No examination was run yet, so nobody knows." in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.READ_ONLY])
def test_who_may_only_read_is_told_to_do_nothing(
    role: Role, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    """An auditor never writes the client's program: the page says where each step stands."""
    page = said(signed_in(member(role)))

    assert "Next: " not in page
    assert "Decide the scope" not in page
    assert "See where it stands" in page


def test_a_late_task_is_called_late_and_a_far_one_is_not_there(
    larkspur: Organization, manager: Client
) -> None:
    task(larkspur, 1, days=-2)
    task(larkspur, 2, days=40)

    page = said(manager)

    assert "Task 1" in page
    assert "late</span>" in page
    assert "Task 2" not in page


def test_an_employee_sees_their_own_tasks_and_nothing_of_the_program(
    larkspur: Organization, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    employee = member(Role.EMPLOYEE)
    task(larkspur, 1, owner=employee)
    task(larkspur, 2, owner=member(Role.CONTROL_OWNER))
    task(larkspur, 3)

    page = said(signed_in(employee))

    assert "Task 1" in page
    for hidden in ("Task 2", "Task 3", "What is ready", "What broke", "What changed"):
        assert hidden not in page, hidden


def test_a_control_that_waits_to_be_done_is_due_for_its_owner_and_the_manager(
    larkspur: Organization,
    manager: Client,
    member: Callable[[Role], User],
    signed_in: Callable[[User], Client],
) -> None:
    owner = member(Role.CONTROL_OWNER)
    text = ControlDocument(
        "Review accounts",
        "Ada reviews.",
        ("CC6.2",),
        nature="detective",
        kind="manual",
        frequency="quarterly",
    )
    adopt_controls(
        organization=larkspur,
        controls=[NewControl("OWN-01", text, owner=owner.memberships.get())],
        by="test",
        at=NOW - timedelta(days=400),
    )

    for page in (said(manager), said(signed_in(owner))):
        assert f"{HOME}calendar/OWN-01/" in page
        assert "OWN-01 Review accounts" in page
        assert "control to do" in page
    assert "OWN-01" not in said(signed_in(member(Role.EMPLOYEE)))


def test_a_task_of_another_organization_is_nowhere(
    larkspur: Organization, stranger: User, manager: Client
) -> None:
    other = stranger.memberships.get().organization
    task(other, 1)

    assert "Task 1" not in said(manager)


def test_what_broke_is_said_with_the_moments_that_were_compared(
    larkspur: Organization, tmp_path: Path, manager: Client
) -> None:
    """Two moments are named: to say "since yesterday" would be wrong on most days."""
    examine(larkspur, tmp_path / "a", exceptions=0, at=AT)
    page = said(manager)
    assert "The next one is compared with it" in page

    examine(larkspur, tmp_path / "b", exceptions=2, at=AT + timedelta(hours=25))
    page = said(manager)
    assert "examination 2</a> of 2 August 2026, 10:00 UTC" in page
    assert "examination 1</a> of 1 August 2026, 09:00 UTC" in page
    assert "2 new deviations" in page

    examine(larkspur, tmp_path / "c", exceptions=2, at=AT + timedelta(hours=26))
    assert "Nothing is worse than it was." in said(manager)


def test_a_trail_that_was_altered_is_loud(larkspur: Organization, manager: Client) -> None:
    assert "hold what was sealed." in said(manager)

    Change.objects.filter(log=larkspur.log).update(by="somebody else")

    page = said(manager)
    assert "The trail was altered." in page
    assert "hold what was sealed.</p>" not in page


def test_the_number_of_queries_does_not_grow(
    larkspur: Organization, tmp_path: Path, manager: Client
) -> None:
    examine(larkspur, tmp_path / "a", exceptions=0, at=AT)
    examine(larkspur, tmp_path / "b", exceptions=2, at=AT + timedelta(hours=25))
    manager.get(HOME)
    with CaptureQueriesContext(connection) as few:
        manager.get(HOME)
    for number in range(1, 40):
        task(larkspur, number)
    with CaptureQueriesContext(connection) as many:
        manager.get(HOME)

    assert len(many) == len(few) <= MOST_QUERIES


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_first_page(
    role: Role, member: Callable[[Role], User], signed_in: Callable[[User], Client]
) -> None:
    assert "What is due" in said(signed_in(member(role)))
