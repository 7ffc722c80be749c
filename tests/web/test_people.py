"""The register of people in the browser: events, checklists, training, lists, and own work."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Organization, User
from reperform.accounts.permissions import Role
from reperform.ledger.models import Change
from reperform.program.actions.checklists import write_checklist
from reperform.program.actions.people import enter_joiner, enter_leaver
from reperform.program.actions.training import require_course
from reperform.program.checklists import NAMES
from reperform.program.checklists.files import checklist_library
from reperform.program.models import (
    BackgroundCheck,
    ChecklistVersion,
    Person,
    Posting,
    Step,
    TrainingRecord,
)
from reperform.program.people import JoinerFields, LeaverFields, PersonFields, PostingFields
from reperform.program.training import CourseFields

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
TODAY = datetime.now(UTC).date()


@pytest.fixture
def home(larkspur: Organization) -> str:
    return f"/o/{larkspur.slug}/people/"


def join(place: Organization, name: str, start: date = date(2026, 1, 5), **more: Any) -> Person:  # noqa: ANN401 - fields of a posting
    fields = JoinerFields(
        PersonFields(name, f"{name.split(maxsplit=1)[0].lower()}@larkspur.example", start),
        PostingFields(start, **more),
    )
    return enter_joiner(organization=place, fields=fields, by="test", at=AT)


def take(place: Organization, *names: str) -> None:
    for name in names or NAMES:
        write_checklist(
            organization=place, checklist=checklist_library()[name], seen=0, by="test", at=AT
        )


def said(answer: Any) -> str:  # noqa: ANN401 - a response of the test client
    return unescape(answer.content.decode())


def acts(place: Organization) -> list[str]:
    return list(Change.objects.filter(log=place.log).order_by("pk").values_list("act", flat=True))


def test_an_empty_register_says_what_to_do_and_claims_nothing(manager: Client, home: str) -> None:
    assert "There is nobody in the register yet." in said(manager.get(home))
    assert "says nothing about who joined or left" in said(manager.get(f"{home}populations/"))
    assert "says nothing about training" in said(manager.get(f"{home}training/"))


def test_somebody_joins_moves_and_leaves(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Each with its checklist, its day, and its entry in the trail."""
    take(larkspur)
    boss = join(larkspur, "Bob Boss", position="Head of People")

    manager.post(
        f"{home}new/",
        {
            "name": "Ada <b>Lovelace</b>",
            "email": "ADA@larkspur.example",
            "started_on": "2026-07-01",
            "kind": "employee",
            "position": "Engineer",
            "department": "Platform",
            "manager": str(boss.number),
        },
    )
    manager.post(
        f"{home}2/move/",
        {"from_day": "2026-08-01", "position": "Lead", "kind": "employee", "manager": "1"},
    )
    manager.post(f"{home}2/leave/", {"ended_on": "2026-09-30", "seen": "1"})

    ada = Person.objects.get(number=2)
    assert (ada.email, ada.ended_on) == ("ada@larkspur.example", date(2026, 9, 30))
    assert [each.event for each in ada.checklists.order_by("event_on")] == [
        "joiner",
        "mover",
        "leaver",
    ]
    assert acts(larkspur)[-3:] == ["person.joined", "person.moved", "person.left"]
    page = manager.get(f"{home}2/").content.decode()
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt;" in page
    assert "<b>Lovelace" not in page
    assert page.count("removes access") >= 3


def test_each_event_without_a_checklist_has_its_button(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """A joiner who has one may lack that of a later move or departure: none hides another."""
    take(larkspur, "joiner-employee")
    join(larkspur, "Ada", date(2026, 7, 1))
    manager.post(f"{home}1/move/", {"from_day": "2026-07-20", "position": "x", "kind": "employee"})
    manager.post(f"{home}1/leave/", {"ended_on": "2026-07-30", "seen": "1"})
    take(larkspur, "mover-employee", "leaver-employee")

    before = said(manager.get(f"{home}1/"))
    for event in ("mover", "leaver"):
        manager.post(f"{home}1/checklists/{event}/")
    after = said(manager.get(f"{home}1/"))

    assert "Begin the checklist for joiners" not in before
    assert "Begin the checklist for movers" in before
    assert "Begin the checklist for leavers" in before
    assert "Begin the checklist for" not in after
    assert acts(larkspur)[-2:] == ["checklist.started", "checklist.started"]


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    manager: Client, home: str, larkspur: Organization
) -> None:
    answer = manager.post(
        f"{home}new/",
        {"name": "Ada", "started_on": "never", "manager": "7", "position": "Engineer"},
    )

    assert answer.status_code == 422
    assert "First day of work is not a day" in said(answer)
    assert 'value="Engineer"' in said(answer)
    assert not Person.objects.filter(organization=larkspur).exists()


def test_another_organizations_people_are_not_there(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """Neither as a page nor as a manager."""
    other = found_organization(name="Other", by="test", at=AT)
    join(other, "Eve")
    own = join(larkspur, "Ada")
    Person.objects.filter(organization=other).update(number=77)

    assert manager.get(f"{home}77/").status_code == 404
    answer = manager.post(
        f"{home}{own.number}/move/", {"from_day": "2026-03-01", "manager": "77", "position": "x"}
    )
    assert "there is no person 77" in said(answer)


def test_the_second_of_two_sees_what_the_first_wrote(
    manager: Client, home: str, larkspur: Organization
) -> None:
    join(larkspur, "Ada")
    sent = {"name": "Ada Byron", "email": "ada@larkspur.example", "started_on": "2026-01-05"}
    manager.post(f"{home}1/edit/", sent | {"seen": "1"})

    answer = manager.post(f"{home}1/edit/", sent | {"name": "Ada King", "seen": "1"})

    assert answer.status_code == 409
    assert "Ada Byron" in said(answer)
    assert 'value="Ada King"' in said(answer)
    assert Person.objects.get(number=1).name == "Ada Byron"


def test_a_move_is_withdrawn_for_a_reason(
    manager: Client, home: str, larkspur: Organization
) -> None:
    join(larkspur, "Ada", position="Engineer")
    manager.post(f"{home}1/move/", {"from_day": "2026-03-01", "position": "Lead"})

    empty = manager.post(f"{home}1/move/2/withdraw/", {"reason": " "})
    done = manager.post(f"{home}1/move/2/withdraw/", {"reason": "She declined"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert Posting.objects.get(number=2).withdrawn == "She declined"
    assert manager.get(f"{home}1/move/2/withdraw/").status_code == 404


def test_the_list_is_of_a_day(manager: Client, home: str, larkspur: Organization) -> None:
    join(larkspur, "Ada", date(2026, 1, 5), position="Engineer")
    join(larkspur, "Bob", date(2026, 6, 1), position="=cmd()")

    assert "Bob" not in said(manager.get(f"{home}?on=2026-03-01"))
    assert "Bob" in said(manager.get(f"{home}?on=2026-06-01"))
    for wrong in ("?on=x", "?on=2026-13-01", "?page=999", "?state=nobody"):
        assert manager.get(f"{home}{wrong}").status_code == 200


def test_a_list_says_what_it_is_on_every_row(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """And no cell of it is a formula."""
    join(larkspur, "Ada", date(2026, 1, 5))
    join(larkspur, "Bob", date(2026, 6, 1), position="=cmd()")

    answer = manager.get(f"{home}populations/joiners.csv/?first=2026-01-01&last=2026-12-31")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert [row["Name"] for row in rows] == ["Ada", "Bob"]
    assert {row["List"] for row in rows} == {"joiners from 2026-01-01 to 2026-12-31: 2 in all"}
    assert rows[1]["Position"] == "'=cmd()"
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_empty_list_says_that_it_is_empty(
    manager: Client, home: str, larkspur: Organization, kind: str
) -> None:
    join(larkspur, "Ada")

    answer = manager.get(f"{home}populations/leavers.{kind}/?first=2026-01-01&last=2026-06-30")

    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        text = str([list(page.values) for page in book])
        assert "Register of people of Larkspur" in text
    assert "leavers from 2026-01-01 to 2026-06-30: none, the list is empty" in text


def test_the_populations_of_a_period_are_exact(
    manager: Client, home: str, larkspur: Organization
) -> None:
    """The first and the last day count, withdrawn moves do not, and late access shows."""
    take(larkspur)
    ada = join(larkspur, "Ada", date(2026, 1, 1), position="Engineer")
    join(larkspur, "Bob", date(2025, 12, 31))
    for day, position in (("2026-06-30", "Lead"), ("2026-07-01", "Head")):
        manager.post(f"{home}1/move/", {"from_day": day, "position": position})
    enter_leaver(
        organization=larkspur,
        number=2,
        fields=LeaverFields(date(2026, 6, 30)),
        seen=1,
        by="test",
        at=AT,
    )
    gone = Step.objects.filter(checklist__person__number=2, removes_access=True)
    for step in gone:
        manager.post(
            f"{home}steps/{step.number}/", {"state": "done", "done_on": "2026-07-20", "seen": "1"}
        )

    page = said(manager.get(f"{home}populations/?first=2026-01-01&last=2026-06-30"))

    assert "Joiners from 2026-01-01 to 2026-06-30: 1 in all." in page
    assert "Leavers from 2026-01-01 to 2026-06-30: 1 in all." in page
    assert "Moves from 2026-01-01 to 2026-06-30: 1 in all." in page
    assert "Engineer, employee, reports to nobody" in page
    assert gone.filter(state="done").count() == gone.count() > 2
    assert '20 Jul 2026 <span class="badge bad">late</span>' in page
    assert ada.number == 1


def test_a_checklist_is_taken_changed_and_kept_in_versions(
    manager: Client, home: str, larkspur: Organization
) -> None:
    page = said(manager.get(f"{home}checklists/leaver-employee/"))
    assert "Not in force." in page
    sent = {
        "title": "Somebody goes",
        "what-0": "Disable the account",
        "does-0": "Head of Infrastructure",
        "days-0": "-1",
        "controls-0": "AC-10",
        "removes_access-0": "on",
        "what-7": "Say goodbye",
        "does-7": "the person",
        "days-7": "0",
    }

    wrong = manager.post(f"{home}checklists/leaver-employee/", sent | {"days-7": "soon"})
    manager.post(f"{home}checklists/leaver-employee/", sent | {"seen": "0"})
    stale = manager.post(f"{home}checklists/leaver-employee/", sent | {"title": "x", "seen": "0"})

    assert (wrong.status_code, stale.status_code) == (422, 409)
    assert "items 2: days" in said(wrong)
    made = ChecklistVersion.objects.get(organization=larkspur)
    assert [each["days"] for each in made.content["items"]] == [-1, 0]
    assert made.content["items"][0]["removes_access"] is True
    assert manager.get(f"{home}checklists/nothing/").status_code == 404


def test_training_and_checks_are_recorded_without_details(
    manager: Client, home: str, larkspur: Organization, tmp_path: Path
) -> None:
    join(larkspur, "Ada")
    manager.post(
        f"{home}training/courses/new/",
        {"course": "Security", "since": "2026-01-01", "kind": "all", "within_days": "30"},
    )
    assert "never" in said(manager.get(f"{home}training/"))

    manager.post(
        f"{home}1/training/new/",
        {
            "course": "security",
            "completed_on": "2026-02-01",
            "proof": SimpleUploadedFile("../c.pdf", b"%PDF-1.7 x"),
        },
    )
    manager.post(
        f"{home}1/checks/new/",
        {"kind": "Identity", "ordered_on": "2026-01-02", "outcome": "pending"},
    )
    wrong = manager.post(
        f"{home}checks/1/",
        {"kind": "Identity", "ordered_on": "2026-01-02", "outcome": "cleared", "seen": "1"},
    )
    manager.post(
        f"{home}checks/1/",
        {
            "kind": "Identity",
            "ordered_on": "2026-01-02",
            "completed_on": "2026-01-04",
            "outcome": "cleared",
            "seen": "1",
        },
    )

    record = TrainingRecord.objects.get()
    assert record.proof is not None
    assert record.proof.name == "c.pdf"
    assert wrong.status_code == 422
    assert BackgroundCheck.objects.get().outcome == "cleared"
    assert "0 to complete" in said(manager.get(f"{home}training/"))


def test_an_upload_that_is_no_proof_is_refused_and_nothing_is_said(
    manager: Client, home: str, larkspur: Organization
) -> None:
    take(larkspur, "joiner-employee")
    join(larkspur, "Ada")

    answer = manager.post(
        f"{home}steps/1/",
        {"state": "done", "seen": "1", "proof": SimpleUploadedFile("x.pdf", b"MZ\x90\x00\x03")},
    )

    assert answer.status_code == 422
    assert Step.objects.get(number=1).state == "open"


def test_the_chart_shows_everybody_once(manager: Client, home: str, larkspur: Organization) -> None:
    """In the picture and in words; who reports to somebody who left stands at the top."""
    boss = join(larkspur, "Zoe <i>", position="Chief")
    lead = join(larkspur, "Bob", manager=boss.number)
    join(larkspur, "Ada", manager=lead.number)
    join(larkspur, "Eve", manager=lead.number)
    enter_leaver(
        organization=larkspur,
        number=boss.number,
        fields=LeaverFields(date(2026, 5, 31)),
        seen=1,
        by="test",
        at=AT,
    )

    before = manager.get(f"{home}chart/?on=2026-03-01").content.decode()
    after = said(manager.get(f"{home}chart/?on=2026-06-01"))

    assert "4 people" in before
    assert "Zoe &lt;i&gt;" in before
    assert before.count("<ul") == before.count("</ul>")
    for name in ("Bob", "Ada", "Eve"):
        assert before.count(f">{name}") + before.count(f">{name},") >= 2
    assert "manager not there" in after
    assert "Nobody worked here" in said(manager.get(f"{home}chart/?on=1999-01-01"))


@pytest.fixture
def employee(member: Callable[[Role], User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(member(Role.EMPLOYEE))


def test_an_employee_who_is_not_in_the_register_learns_what_to_do(
    employee: Client, larkspur: Organization
) -> None:
    page = said(employee.get(f"/o/{larkspur.slug}/my-work/"))

    assert "You are not in the register of people." in page
    assert "employee@larkspur.example" in page


def test_a_new_employee_finishes_own_steps_and_no_others(
    employee: Client, larkspur: Organization
) -> None:
    """The steps of colleagues look like steps that do not exist."""
    take(larkspur, "joiner-employee")
    join(larkspur, "Employee", TODAY - timedelta(days=40), position="Engineer")
    join(larkspur, "Bob", TODAY)
    work = f"/o/{larkspur.slug}/my-work/"
    mine = list(Step.objects.filter(assignee__number=1))
    theirs = Step.objects.filter(assignee__number=2).first()
    assert theirs is not None
    page = said(employee.get(work))
    assert page.index("second factor") < page.index("Complete the security")
    assert page.count("late</span>") >= len(mine)

    for step in mine:
        answer = employee.post(
            f"{work}steps/{step.number}/", {"state": "done", "seen": "1", "note": "Done"}
        )
        assert answer.headers["Location"] == work
    other = employee.post(f"{work}steps/{theirs.number}/", {"state": "done", "seen": "1"})

    assert other.status_code == 404
    assert {each.state for each in Step.objects.filter(assignee__number=1)} == {"done"}
    assert "Nothing is waiting for you." in said(employee.get(work))
    entry = Change.objects.filter(log=larkspur.log, act="step.done").latest("pk")
    content = json.loads(bytes(entry.content or b"")[32:])
    assert content["by"] == "employee@larkspur.example"


def test_an_employee_records_own_training_and_sees_own_record(
    employee: Client, larkspur: Organization
) -> None:
    join(larkspur, "Employee", TODAY - timedelta(days=400))
    join(larkspur, "Colleague Unseen")
    require_course(
        organization=larkspur,
        fields=CourseFields("Security", TODAY - timedelta(days=400)),
        by="test",
        at=AT,
    )
    work = f"/o/{larkspur.slug}/my-work/"
    assert "Security. Complete it" in said(employee.get(work))

    employee.post(f"{work}training/", {"course": "Security", "completed_on": TODAY.isoformat()})

    record = said(employee.get(f"{work}record/"))
    assert "Security, completed" in record
    assert "Colleague" not in record
    assert "Nothing is waiting for you." in said(employee.get(work))
    assert employee.get(f"/o/{larkspur.slug}/people/").status_code == 403
