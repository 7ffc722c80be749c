"""The plan's pages: tasks made, proposed, changed one by one and together, closed, scheduled."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.models import Change
from reperform.program.actions.plan import make_task
from reperform.program.models import RemediationTask
from reperform.program.plan import TaskFields
from web.test_gap import adopt

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/plan/"


def make(organization: Organization, title: str = "Review access", **more: Any) -> RemediationTask:  # noqa: ANN401 - fields of a task
    return make_task(
        organization=organization, fields=TaskFields(title=title, **more), by="ada", at=AT
    )


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def change(log: str, act: str) -> dict[str, Any]:
    found = Change.objects.filter(log=log, act=act).latest("pk")
    content: dict[str, Any] = json.loads(bytes(found.content or b"")[32:])
    return content


def test_an_empty_plan_says_what_to_do(manager: Client, home: str) -> None:
    text = said(manager.get(home))

    assert "There is no task yet." in text
    assert "It cannot be said" in text


def test_a_task_is_made_with_every_field(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """And the ledger says who made what."""
    owner = Membership.objects.get(user__email="compliance_manager@larkspur.example")
    first = make(larkspur)

    answer = manager.post(
        f"{home}new/",
        {
            "title": "Encrypt <b>disks</b>",
            "note": "All of them",
            "criterion": "CC6.1",
            "point": "CC6.1-a",
            "control": "CRY-01",
            "owner": str(owner.pk),
            "due_on": "2026-12-01",
            "effort_days": "5",
            "risk": "high",
            "depends_on": str(first.number),
        },
    )

    assert answer.headers["Location"] == f"{home}2/"
    task = RemediationTask.objects.get(organization=larkspur, number=2)
    assert (task.owner, task.effort_days, task.risk) == (owner, 5, "high")
    assert [each.number for each in task.depends_on.all()] == [1]
    assert change(larkspur.log, "task.made")["after"]["title"] == "Encrypt <b>disks</b>"
    assert "<b>disks" not in manager.get(home).content.decode()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"title": ""}, "What is to be done is empty"),
        ({"title": "x", "depends_on": "9"}, "Waits for there is no task 9"),
        ({"title": "x", "owner": "999999"}, "Owner is not a member of the organization"),
        ({"title": "x", "effort_days": "many"}, "Effort is not a number that it can have"),
    ],
)
def test_a_task_with_a_problem_is_not_made_and_what_was_written_stays(
    manager: Client, home: str, sent: dict[str, str], message: str
) -> None:
    answer = manager.post(f"{home}new/", {"note": "kept words", **sent})

    assert answer.status_code == 422
    assert message in said(answer)
    assert "kept words" in said(answer)
    assert not RemediationTask.objects.exists()


def test_another_organizations_people_and_tasks_are_not_found(
    manager: Client, home: str, larkspur: Organization, stranger: User
) -> None:
    """Their number in a form, in a dependency, in a bulk edit, in the address: as if not there."""
    other = Organization.objects.get(slug="other")
    theirs = make(other)
    make(other, "Second")
    outsider = Membership.objects.get(user=stranger)

    owner = manager.post(f"{home}new/", {"title": "x", "owner": str(outsider.pk)})
    waits = manager.post(f"{home}new/", {"title": "x", "depends_on": "2"})
    bulk = manager.post(f"{home}change/", {"task": f"{theirs.number}:1", "risk": "low"})

    assert [each.status_code for each in (owner, waits, bulk)] == [422, 422, 422]
    assert manager.get(f"{home}{theirs.number}/").status_code == 404
    assert RemediationTask.objects.filter(organization=other, version=1).count() == 2


def test_a_circle_is_refused_and_named(manager: Client, home: str, larkspur: Organization) -> None:
    first = make(larkspur)
    make(larkspur, "Second", depends_on=(first.number,))

    answer = manager.post(f"{home}1/", {"title": "x", "depends_on": "2", "seen": "1"})

    assert answer.status_code == 422
    assert "makes a circle: 1 waits for 2 waits for 1" in said(answer)


def test_two_people_change_a_task_and_nothing_is_lost(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The second sees both, and saves over the version they have seen now."""
    make(larkspur)
    manager.post(f"{home}1/", {"title": "Mine", "seen": "1"})

    second = manager.post(f"{home}1/", {"title": "Theirs", "seen": "1"})

    assert second.status_code == 409
    assert "As it is now" in said(second)
    assert 'value="Theirs"' in said(second)
    assert RemediationTask.objects.get().title == "Mine"
    again = manager.post(f"{home}1/", {"title": "Theirs", "seen": "2"})
    assert again.status_code == 302
    assert RemediationTask.objects.get().title == "Theirs"


def test_saving_a_task_as_it_is_records_nothing(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur)
    before = Change.objects.count()

    manager.post(f"{home}1/", {"title": "Review access", "seen": "1", "risk": "medium"})

    assert RemediationTask.objects.get().version == 1
    assert Change.objects.count() == before


def test_a_task_is_dropped_only_for_a_reason(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur)
    sent = {"title": "Review access", "seen": "1", "state": "dropped"}

    refused = manager.post(f"{home}1/", sent)
    accepted = manager.post(f"{home}1/", sent | {"reason": "The system is gone."})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    task = RemediationTask.objects.get()
    assert (task.state, task.reason) == ("dropped", "The system is gone.")
    assert change(larkspur.log, "task.closed")["after"]["state"] == "dropped"


@pytest.fixture
def owner(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.CONTROL_OWNER))


def test_a_control_owner_changes_own_tasks_and_no_others(
    owner: Client, home: str, larkspur: Organization
) -> None:
    """Not somebody else's, one by one or together, and does not give theirs away."""
    me = Membership.objects.get(user__email="control_owner@larkspur.example")
    make(larkspur, "Mine", owner=me.pk)
    make(larkspur, "Somebody's")
    mine = {"title": "Mine, better", "owner": str(me.pk), "seen": "1"}

    assert owner.post(f"{home}2/", mine | {"owner": ""}).status_code == 422
    assert owner.post(f"{home}1/", mine | {"owner": ""}).status_code == 422
    both = {"task": ["1:1", "2:1"], "effort_days": "3"}
    assert owner.post(f"{home}change/", both).status_code == 422
    assert set(RemediationTask.objects.values_list("version", flat=True)) == {1}
    assert owner.post(f"{home}1/", mine).status_code == 302
    assert RemediationTask.objects.get(number=1).title == "Mine, better"
    assert owner.get(f"{home}new/").status_code == 403
    assert "A compliance manager changes it" in said(owner.get(f"{home}2/"))


def test_many_tasks_are_changed_at_once_in_one_entry(
    manager: Client, home: str, larkspur: Organization
) -> None:
    for title in ("One", "Two", "Three"):
        make(larkspur, title)

    answer = manager.post(
        f"{home}change/",
        {"task": ["1:1", "3:1"], "due_on": "2026-12-01", "effort_days": "4", "risk": "high"},
    )

    assert answer.status_code == 302
    rows = RemediationTask.objects.order_by("number").values_list("due_on", "effort_days", "risk")
    day = date(2026, 12, 1)
    assert list(rows) == [(day, 4, "high"), (None, None, "medium"), (day, 4, "high")]
    assert set(change(larkspur.log, "tasks.changed")["after"]) == {"1", "3"}


def test_a_bulk_edit_over_a_task_that_changed_changes_none(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "One")
    make(larkspur, "Two")
    manager.post(f"{home}2/", {"title": "Two, changed", "seen": "1"})

    answer = manager.post(f"{home}change/", {"task": ["1:1", "2:1"], "risk": "high"})

    assert answer.status_code == 422
    assert "task 2 was not changed" in said(answer)
    assert set(RemediationTask.objects.values_list("risk", flat=True)) == {"medium"}


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"task": "1:1"}, "choose what to change"),
        ({"risk": "low"}, "tick at least one task"),
        ({"task": ["x", "1:x", "1"], "risk": "low"}, "tick at least one task"),
        ({"task": "1:1", "state": "dropped"}, "reason is empty"),
    ],
)
def test_a_bulk_edit_that_says_too_little_is_refused(
    manager: Client, home: str, larkspur: Organization, sent: dict[str, Any], message: str
) -> None:
    make(larkspur)

    answer = manager.post(f"{home}change/", sent)

    assert answer.status_code == 422
    assert message in said(answer)


def test_proposals_are_shown_then_made_and_never_twice(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """GET makes nothing; the second POST of the same makes nothing either."""
    adopt(larkspur, "CHG-01")
    shown = said(manager.get(f"{home}propose/"))
    assert not RemediationTask.objects.exists()
    gaps = {"gap": ["CHG-01/in place", "CHG-01/evidence", "CC1.1/control", "no such gap"]}

    manager.post(f"{home}propose/", gaps)
    manager.post(f"{home}propose/", gaps)

    assert "Put CHG-01 in place" in shown
    rows = RemediationTask.objects.order_by("number")
    assert [each.gap for each in rows] == ["CC1.1/control", "CHG-01/in place", "CHG-01/evidence"]
    assert [each.number for each in rows[2].depends_on.all()] == [rows[1].number]
    assert "Already in the plan" in said(manager.get(f"{home}propose/"))


def test_a_gap_is_open_once_also_when_a_task_is_opened_again(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The older task cannot be opened beside the newer one about the same gap."""
    gap = {"gap": "CC1.1/control"}
    manager.post(f"{home}propose/", gap)
    title = RemediationTask.objects.get().title
    manager.post(f"{home}1/", {"title": title, "seen": "1", "state": "done", "risk": "high"})
    manager.post(f"{home}propose/", gap)

    answer = manager.post(f"{home}1/", {"title": title, "seen": "2", "state": "open"})

    assert answer.status_code == 422
    assert "task 2 is about the same gap" in said(answer)


def test_late_tasks_are_visible_and_filtered(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "Long ago", due_on=date(2020, 1, 1))
    make(larkspur, "Some day")

    text = said(manager.get(home, {"state": "late"}))

    assert "1 late" in text
    assert "Long ago" in text
    assert "Some day" not in text


def test_the_start_page_says_why_it_cannot_be_said(
    manager: Client, home: str, larkspur: Organization
) -> None:
    adopt(larkspur, "CHG-01")
    make(larkspur, control="CHG-01")

    text = said(manager.get(f"{home}start/"))

    assert "Neither a control nor an open task is there for CC1.1, CC1.2," in text
    assert "Task 1 (Review access): its effort is not estimated" in text


def test_the_criterion_page_leads_to_a_task_and_lists_it(
    manager: Client, home: str, larkspur: Organization
) -> None:
    make(larkspur, "Write the <i>policy</i>", criterion="CC8.1")

    text = said(manager.get(f"/o/{larkspur.slug}/gap/CC8.1/"))

    assert f"{home}new/?criterion=CC8.1&point=CC8.1-a" in text
    assert "Write the <i>policy</i>" in text
    prefilled = said(manager.get(f"{home}new/?criterion=CC8.1&point=CC8.1-a&title=Address"))
    assert 'value="CC8.1" selected' in prefilled
    assert 'value="Address"' in prefilled


def test_the_number_of_queries_does_not_grow_with_the_plan(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Every page about gaps and plan asks as often with two tasks and controls as with thirty."""
    gap = f"/o/{larkspur.slug}/gap/"
    pages = [home, f"{home}1/", f"{home}start/", f"{home}propose/", gap, f"{gap}CC8.1/"]

    def asked() -> list[int]:
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert manager.get(page).status_code == 200
            found.append(len(queries))
        return found

    for number in range(2):
        adopt(larkspur, f"OWN-{number}", library_id="")
        make(larkspur, f"Task {number}", control="OWN-0", depends_on=(number,) if number else ())
    asked()  # the first page of a session asks for more
    few = asked()
    for number in range(2, 30):
        adopt(larkspur, f"OWN-{number}", library_id="")
        make(larkspur, f"Task {number}", control="OWN-0", depends_on=(number,))

    asked()  # the calendar of controls that were not there before is computed once
    assert asked() == few
    assert max(few) <= 32  # the gap analysis asks every register
