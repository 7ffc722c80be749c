"""The calendar's pages: what is due, proving it, correcting it, planning it, and files of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Membership, Organization, User
from reperform.accounts.permissions import Role
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes
from reperform.program.actions.calendar import CalendarRefusedError, plan_control
from reperform.program.actions.control_keeping import NewControl, Seen
from reperform.program.actions.controls import adopt_controls, change_controls
from reperform.program.actions.plan import make_task
from reperform.program.actions.scope import change_scope
from reperform.program.calendar import PlanFields
from reperform.program.calendar.periods import current_period
from reperform.program.controls.document import ControlDocument
from reperform.program.models import AdoptedControl, ControlPlan, OccurrenceEntry
from reperform.program.plan import TaskFields
from reperform.program.queries.occurrences import calendared_control, slots_of, standings
from reperform.program.scope.document import ScopeDocument

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
TODAY = NOW.date()
FIRST = TODAY - timedelta(days=200)
LAST = FIRST + timedelta(days=364)
TEXT = ControlDocument(
    "Review <b>accounts</b>",
    "Ada reviews.",
    ("CC6.2",),
    nature="detective",
    kind="manual",
    frequency="monthly",
)


@pytest.fixture
def owner(larkspur: Organization, member: Callable[[Role], User]) -> Membership:
    """A control owner with a monthly control, in a period of which 200 days are over."""
    user = member(Role.CONTROL_OWNER)
    membership = Membership.objects.get(user=user, organization=larkspur)
    adopt(larkspur, "OWN-01", owner=membership)
    change_scope(
        organization=larkspur,
        scope=ScopeDocument(system="Invoicing", type=2, first=FIRST, last=LAST),
        seen=0,
        library="0" * 64,
        by="test",
        at=NOW,
    )
    return membership


def adopt(
    organization: Organization,
    code: str,
    *,
    owner: Membership | None = None,
    text: ControlDocument = TEXT,
) -> None:
    adopt_controls(
        organization=organization,
        controls=[NewControl(code, text, owner=owner)],
        by="test",
        at=NOW - timedelta(days=400),
    )


def address(organization: Organization, rest: str = "") -> str:
    return f"/o/{organization.slug}/calendar/{rest}"


def say(day: date, **more: object) -> dict[str, object]:
    return {"kind": "done", "on": day.isoformat(), "note": "Reviewed 12 accounts.", **more}


def test_the_year_shows_what_was_missed_and_what_is_due(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    page = manager.get(address(larkspur)).content.decode()

    assert "OWN-01" in page
    assert escape("Review <b>accounts</b>") in page
    assert "<svg" in page
    assert "missed" in page
    assert "0 of " in page


def test_without_controls_the_page_says_what_to_do(larkspur: Organization, manager: Client) -> None:
    page = manager.get(address(larkspur)).content.decode()

    assert "Adopt controls" in page


def test_a_control_that_no_calendar_decides_says_why(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    adopt(larkspur, "OWN-02", text=replace(TEXT, frequency="per event"))

    listed = manager.get(address(larkspur)).content.decode()
    every = manager.get(address(larkspur, "?calendar=all")).content.decode()
    own = manager.get(address(larkspur, "OWN-02/")).content.decode()

    assert "OWN-02" not in listed
    assert "It operates at each event" in every
    assert "It operates at each event" in own


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?state=missed", True),
        ("?state=done", False),
        ("?q=accounts", True),
        ("?q=backup", False),
        ("?criterion=CC6.2", True),
        ("?criterion=CC1.1", False),
        ("?owner=nobody", False),
        ("?owner=x", False),
        ("?state=%F0%9F%98%80&page=x&period=no", False),
    ],
)
def test_filters_leave_what_they_say(
    larkspur: Organization, owner: Membership, manager: Client, *, query: str, is_found: bool
) -> None:
    answer = manager.get(address(larkspur, query))

    assert answer.status_code == 200
    assert ('<a class="whole"' in answer.content.decode()) == is_found


def test_an_owner_proves_a_time_with_a_file(
    larkspur: Organization, owner: Membership, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(owner.user)
    file = SimpleUploadedFile("review.txt", b"12 accounts, 1 removed")

    answer = browser.post(address(larkspur, "OWN-01/prove/"), say(TODAY, files=file), follow=True)
    page = answer.content.decode()

    entry = OccurrenceEntry.objects.get()
    assert entry.on == TODAY
    assert entry.done_by == owner
    assert [each.name for each in entry.files.all()] == ["review.txt"]
    assert "entry 1 is kept" in page
    shown = browser.get(address(larkspur, "entries/1/")).content.decode()
    assert "review.txt" in shown
    assert "Reviewed 12 accounts." in shown


def test_what_was_entered_long_after_the_fact_shows_both_days(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    day = TODAY - timedelta(days=30)
    manager.post(address(larkspur, "OWN-01/prove/"), say(day))

    page = manager.get(address(larkspur, "entries/1/")).content.decode()
    year = manager.get(address(larkspur, "OWN-01/")).content.decode()

    assert "30 days after the fact" in page
    assert "entered later" in year


def test_an_owner_does_not_prove_what_is_somebody_elses(
    larkspur: Organization, owner: Membership, signed_in: Callable[[User], Client]
) -> None:
    adopt(larkspur, "OWN-02")

    answer = signed_in(owner.user).post(address(larkspur, "OWN-02/prove/"), say(TODAY))

    assert answer.status_code == 422
    assert "your role proves the controls that are yours" in answer.content.decode()
    assert not OccurrenceEntry.objects.exists()


def test_whom_the_plan_names_proves_it_too(
    larkspur: Organization, owner: Membership, signed_in: Callable[[User], Client]
) -> None:
    adopt(larkspur, "OWN-02")
    plan(larkspur, "OWN-02", PlanFields(owner=owner.pk))

    answer = signed_in(owner.user).post(address(larkspur, "OWN-02/prove/"), say(TODAY))

    assert answer.status_code == 302


def test_the_proof_can_be_a_row_of_a_register(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    linked = {"linked": "task", "linked_number": "1"}
    url = address(larkspur, "OWN-01/prove/")

    missing = manager.post(url, say(TODAY, **linked))
    make_task(organization=larkspur, fields=TaskFields("Review"), by="test", at=NOW)
    kept = manager.post(url, say(TODAY, **linked))

    assert missing.status_code == 422
    assert "there is no task 1" in missing.content.decode()
    assert kept.status_code == 302
    assert "/plan/1/" in manager.get(address(larkspur, "entries/1/")).content.decode()


def test_rows_and_people_of_another_organization_are_not_found(
    larkspur: Organization, owner: Membership, manager: Client, stranger: User
) -> None:
    other = Organization.objects.exclude(pk=larkspur.pk).get()
    make_task(organization=other, fields=TaskFields("Theirs"), by="test", at=NOW)
    them = Membership.objects.get(user=stranger)
    url = address(larkspur, "OWN-01/prove/")

    rows = manager.post(url, say(TODAY, linked="task", linked_number="1"))
    people = manager.post(url, say(TODAY, done_by=str(them.pk)))
    planned = manager.post(
        address(larkspur, "OWN-01/plan/"),
        {"effective_on": TODAY.isoformat(), "owner": str(them.pk), "seen": "0"},
    )

    assert [rows.status_code, people.status_code, planned.status_code] == [422, 422, 422]
    assert not OccurrenceEntry.objects.exists()
    assert not ControlPlan.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "done", "on": ""},
        {"kind": "done", "on": "9999-12-31"},
        {"kind": "done", "on": "2001-01-01"},
        {"kind": "not done", "on": "2026-01-01", "note": ""},
        {"kind": "withdrawn", "on": "2026-01-01", "note": "x"},
        {"kind": "x", "on": "\u0000"},
        {"kind": "done", "on": "2026-01-01", "note": "a\u0000b"},
    ],
)
def test_what_cannot_be_kept_is_said_in_place(
    larkspur: Organization, owner: Membership, manager: Client, said: dict[str, str]
) -> None:
    answer = manager.post(address(larkspur, "OWN-01/prove/"), said)

    assert answer.status_code == 422
    assert "Nothing was saved." in answer.content.decode()
    assert not OccurrenceEntry.objects.exists()


def test_a_program_is_no_proof(larkspur: Organization, owner: Membership, manager: Client) -> None:
    file = SimpleUploadedFile("review.pdf", b"MZ\x90\x00\x03\x00\x00\x00")

    answer = manager.post(address(larkspur, "OWN-01/prove/"), say(TODAY, files=file))

    assert answer.status_code == 422
    assert "is of no kind that serves as proof" in answer.content.decode()
    assert not OccurrenceEntry.objects.exists()


def test_a_correction_stands_beside_what_it_corrects(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    manager.post(address(larkspur, "OWN-01/prove/"), say(TODAY))
    url = address(larkspur, "entries/1/correct/")

    first = manager.post(url, say(TODAY - timedelta(days=1)))
    second = manager.post(url, say(TODAY - timedelta(days=2)))

    assert first.status_code == 302
    assert second.status_code == 409
    assert "entry 2" in manager.get(address(larkspur, "entries/1/")).content.decode()
    assert [each.is_current for each in OccurrenceEntry.objects.order_by("number")] == [False, True]
    corrected = [each.act for each in changes(larkspur.log)]
    assert corrected.count("occurrence.corrected") == 1


def test_what_was_taken_back_fills_nothing(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    manager.post(address(larkspur, "OWN-01/prove/"), say(TODAY))
    assert done(larkspur) == 1

    manager.post(address(larkspur, "entries/1/correct/"), say(TODAY, kind="withdrawn"))

    assert done(larkspur) == 0
    assert "was taken back" in manager.get(address(larkspur, "entries/2/")).content.decode()


def done(organization: Organization) -> int:
    scope = ScopeDocument(type=2, first=FIRST, last=LAST)
    period = current_period(scope, today=TODAY)
    (found,) = standings(organization, period, today=TODAY)
    return found.standing.done


def plan(organization: Organization, code: str, fields: PlanFields, seen: int = 0) -> None:
    plan_control(
        organization=organization,
        code=code,
        fields=fields,
        effective_on=TODAY,
        seen=seen,
        by="test",
        at=NOW,
    )


def test_a_plan_is_made_on_the_page_and_changes_nothing_before_it(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    before = due_days(larkspur)
    answer = manager.post(
        address(larkspur, "OWN-01/plan/"),
        {
            "effective_on": TODAY.isoformat(),
            "first_due_on": (TODAY + timedelta(days=3)).isoformat(),
            "grace_days": "5",
            "seen": "0",
        },
    )

    assert answer.status_code == 302
    after = due_days(larkspur)
    assert [each for each in after if each < TODAY] == [each for each in before if each < TODAY]
    assert TODAY + timedelta(days=3) in after
    assert "5 days" in manager.get(address(larkspur, "OWN-01/")).content.decode()


def test_a_control_that_is_done_more_often_from_today_on_keeps_its_past(
    larkspur: Organization, owner: Membership
) -> None:
    before = due_days(larkspur)
    change_controls(
        organization=larkspur,
        seen=[Seen("OWN-01", 1)],
        values={"frequency": "weekly"},
        by="test",
        at=NOW,
    )

    after = due_days(larkspur)
    assert [each for each in after if each < TODAY] == [each for each in before if each < TODAY]
    assert len(after) > len(before) + 10


def due_days(organization: Organization) -> list[date]:
    control = calendared_control(organization, "OWN-01")
    assert control
    period = current_period(ScopeDocument(type=2, first=FIRST, last=LAST), today=TODAY)
    return [each.due_on for each in slots_of(organization, control, period)]


def test_two_who_plan_at_once_lose_nothing(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    plan(larkspur, "OWN-01", PlanFields(grace_days=2))

    answer = manager.post(
        address(larkspur, "OWN-01/plan/"),
        {"effective_on": TODAY.isoformat(), "grace_days": "9", "seen": "0"},
    )

    assert answer.status_code == 409
    assert "As it is now" in answer.content.decode()
    with pytest.raises(StaleVersionError):
        plan(larkspur, "OWN-01", PlanFields(grace_days=9), seen=1)


def test_no_plan_begins_in_the_past_or_for_what_no_calendar_decides(
    larkspur: Organization, owner: Membership, manager: Client
) -> None:
    adopt(larkspur, "OWN-02", text=replace(TEXT, frequency="continuous"))
    yesterday = (TODAY - timedelta(days=1)).isoformat()

    past = manager.post(
        address(larkspur, "OWN-01/plan/"), {"effective_on": yesterday, "seen": "0", "grace_days": 1}
    )

    assert past.status_code == 422
    assert "what was expected then stays" in past.content.decode()
    with pytest.raises(CalendarRefusedError, match="is due on no day"):
        plan(larkspur, "OWN-02", PlanFields(grace_days=1))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_window_goes_out_as_a_table(
    larkspur: Organization, owner: Membership, manager: Client, kind: str
) -> None:
    AdoptedControl.objects.update(title="=HYPERLINK(1)")

    answer = manager.get(address(larkspur, f"table.{kind}"))

    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    if kind == "csv":
        assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")
    else:
        assert BytesIO(answer.content).read(2) == b"PK"


def test_ones_own_days_go_to_a_calendar_program(
    larkspur: Organization, owner: Membership, signed_in: Callable[[User], Client], manager: Client
) -> None:
    own = signed_in(owner.user).get(address(larkspur, "own.ics")).content.decode()
    others = manager.get(address(larkspur, "own.ics")).content.decode()

    assert own.startswith("BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:OWN-01 Review <b>accounts</b>" in own
    assert "BEGIN:VEVENT" not in others


def test_what_is_not_there_is_not_found(
    larkspur: Organization, owner: Membership, manager: Client, stranger: User
) -> None:
    found_organization(name="Third", by="test", at=NOW)

    for rest in ("NO-01/", "NO-01/plan/", "NO-01/prove/", "entries/7/", "entries/7/correct/"):
        assert manager.get(address(larkspur, rest)).status_code == 404, rest
    assert manager.get(address(larkspur, "table.exe")).status_code == 404
    assert manager.get(address(larkspur, f"entries/{10**12}/")).status_code == 404
