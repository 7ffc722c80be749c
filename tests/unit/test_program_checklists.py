"""Checklists: events begin them, people work them off, and late stays late."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError
from reperform.catalog.installed import catalog
from reperform.program.actions.checklists import (
    StepNotYoursError,
    change_step,
    start_checklist,
    write_checklist,
)
from reperform.program.actions.people import (
    enter_joiner,
    enter_leaver,
    enter_move,
    withdraw_leaver,
)
from reperform.program.actions.person_rows import PersonRefusedError
from reperform.program.checklists import (
    NAMES,
    THE_PERSON,
    Checklist,
    ChecklistItem,
    checklist_content,
    read_checklist,
)
from reperform.program.checklists.due import doer, due_day
from reperform.program.checklists.files import checklist_library
from reperform.program.checklists.steps import StepFields, StepState, days_late, read_step
from reperform.program.models import Person, Step
from reperform.program.people import (
    Event,
    JoinerFields,
    Kind,
    LeaverFields,
    PersonFields,
    PostingFields,
)
from reperform.program.queries.checklists import late_steps, open_steps, steps_of

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
FRIDAY = date(2026, 8, 7)


@pytest.fixture
def larkspur(db: None) -> Organization:  # noqa: ARG001 - it opens the database
    return found_organization(name="Larkspur", by="test", at=AT)


def take(place: Organization, *names: str) -> None:
    for name in names:
        write_checklist(
            organization=place, checklist=checklist_library()[name], seen=0, by="test", at=AT
        )


def join(place: Organization, name: str, start: date = FRIDAY, **more: Any) -> Person:  # noqa: ANN401 - fields of a posting
    fields = JoinerFields(
        PersonFields(name, f"{name.lower()}@larkspur.example", start), PostingFields(start, **more)
    )
    return enter_joiner(organization=place, fields=fields, by="test", at=AT)


def leave(place: Organization, person: Person, day: date, reason: str = "") -> Person:
    return enter_leaver(
        organization=place,
        number=person.number,
        fields=LeaverFields(day, reason),
        seen=person.version,
        by="test",
        at=AT,
    )


def say(place: Organization, step: Step, by: Person | None = None, **more: Any) -> Step:  # noqa: ANN401 - fields of a step
    fields = StepFields(**{"assignee": step.assignee.number if step.assignee else None} | more)
    return change_step(
        organization=place,
        number=step.number,
        fields=fields,
        seen=step.version,
        limited_to=by,
        by="test",
        at=AT,
    )


def test_the_library_has_a_checklist_for_every_event_and_kind_of_contract() -> None:
    """Each serves controls that there are; those of leavers take access away within days."""
    found = checklist_library()
    known = {each.id for each in catalog().controls}

    assert set(found) == set(NAMES)
    for name, checklist in found.items():
        served = {code for item in checklist.items for code in item.controls}
        assert served, name
        assert served <= known, name
        if checklist.event is Event.LEAVER:
            assert any(each.removes_access and each.days <= 1 for each in checklist.items), name


@pytest.mark.parametrize("name", NAMES)
def test_a_checklist_is_read_as_it_is_written(name: str) -> None:
    checklist = checklist_library()[name]

    assert read_checklist(checklist_content(checklist), name) == (checklist, [])


@pytest.mark.parametrize(
    ("item", "where"),
    [
        ({"what": "", "does": "x", "days": 0}, "items 1: what"),
        ({"what": "x", "does": "", "days": 0}, "items 1: does"),
        ({"what": "x", "does": "x"}, "items 1: days"),
        ({"what": "x", "does": "x", "days": "soon"}, "items 1: days"),
        ({"what": "x", "does": "x", "days": 366}, "items 1: days"),
        ({"what": "x", "does": "x", "days": 0, "because": "x"}, "items 1: because"),
        ("sweep", "items 1"),
    ],
)
def test_an_item_that_cannot_be_done_is_named(item: object, where: str) -> None:
    _, problems = read_checklist({"title": "x", "items": [item]}, NAMES[0])

    assert [each.where for each in problems] == [where]


def test_a_checklist_without_items_is_none() -> None:
    wrong: tuple[object, ...] = (None, [], "x", [{}] * 61)
    for items in wrong:
        _, problems = read_checklist({"title": "x", "items": items}, NAMES[0])
        assert [each.where for each in problems] == ["items"]


@pytest.mark.parametrize(
    ("days", "is_working", "due"),
    [
        (0, True, FRIDAY),
        (1, True, date(2026, 8, 10)),
        (6, True, date(2026, 8, 17)),
        (-1, True, date(2026, 8, 6)),
        (-5, True, date(2026, 7, 31)),
        (1, False, date(2026, 8, 8)),
        (-30, False, date(2026, 7, 8)),
    ],
)
def test_days_are_counted_from_the_event(*, days: int, is_working: bool, due: date) -> None:
    assert due_day(FRIDAY, ChecklistItem("x", "x", days, is_working)) == due


def test_nobody_is_named_by_a_guess() -> None:
    """Two people of one position: whoever enters it must choose."""
    holders = {"head of people": [7], "engineer": [1, 2]}

    def who(does: str) -> int | None:
        return doer(does, person=3, manager=4, holders=holders)

    assert [who(each) for each in (THE_PERSON, "their manager", "Head of People", "Engineer")] == [
        3,
        4,
        7,
        None,
    ]


def test_an_event_begins_the_checklist_of_its_kind_of_contract(larkspur: Organization) -> None:
    """With every step given to whoever does it, and due by the day of the event."""
    take(larkspur, *NAMES)
    boss = join(larkspur, "Bob", date(2026, 1, 5), position="Head of People")
    contractor = join(larkspur, "Eve", manager=boss.number, kind=Kind.CONTRACTOR)

    (started,) = contractor.checklists.all()
    steps = list(started.steps.order_by("place"))

    assert started.text.name == "joiner-contractor"
    assert len(steps) == len(checklist_library()["joiner-contractor"].items)
    assert [each.assignee for each in steps[:4]] == [boss, boss, boss, contractor]
    assert steps[0].due_on == FRIDAY
    assert steps_of(contractor).count() == 3


def test_a_move_and_a_departure_begin_theirs(larkspur: Organization) -> None:
    take(larkspur, *NAMES)
    ada = join(larkspur, "Ada", position="Engineer")
    fields = PostingFields(date(2026, 9, 1), Kind.CONTRACTOR, position="Adviser")
    enter_move(organization=larkspur, number=1, fields=fields, by="test", at=AT)
    leave(larkspur, ada, date(2026, 12, 31))

    names = list(ada.checklists.order_by("event_on").values_list("text__name", flat=True))

    assert names == ["joiner-employee", "mover-contractor", "leaver-contractor"]


def test_an_event_before_any_checklist_was_taken_can_begin_one_later(
    larkspur: Organization,
) -> None:
    """Nothing is begun in secret, and nothing twice."""
    ada = join(larkspur, "Ada")
    assert not ada.checklists.exists()

    def start(event: Event = Event.JOINER) -> None:
        start_checklist(organization=larkspur, number=1, event=event, by="test", at=AT)

    with pytest.raises(PersonRefusedError, match="no checklist in force"):
        start()
    take(larkspur, "joiner-employee")
    start()
    for event in Event:
        with pytest.raises(PersonRefusedError):
            start(event)

    assert ada.checklists.count() == 1


def test_a_new_version_leaves_what_began_as_it_was(larkspur: Organization) -> None:
    take(larkspur, "joiner-employee")
    ada = join(larkspur, "Ada")
    mine = Checklist(Event.JOINER, Kind.EMPLOYEE, "Ours", (ChecklistItem("Greet", "Bob", 0),))

    write_checklist(organization=larkspur, checklist=mine, seen=1, by="test", at=AT)
    with pytest.raises(StaleVersionError):
        take(larkspur, "joiner-employee")
    bob = join(larkspur, "Bob")

    assert ada.checklists.get().steps.count() > 1
    assert [each.what for each in bob.checklists.get().steps.all()] == ["Greet"]


def test_what_was_done_late_stays_late(larkspur: Organization) -> None:
    take(larkspur, "leaver-employee")
    ada = leave(larkspur, join(larkspur, "Ada", date(2026, 1, 5)), date(2026, 7, 1))
    first, second, *_ = (
        Step.objects.filter(removes_access=True).select_related("assignee").order_by("place")
    )
    assert first.due_on == date(2026, 7, 2)

    say(larkspur, first, state=StepState.DONE, done_on=date(2026, 7, 2))
    late = say(larkspur, second, state=StepState.DONE, done_on=date(2026, 7, 8))

    found = late_steps(larkspur, date(2027, 1, 1))
    assert found.filter(number=late.number).exists()
    assert not found.filter(number=first.number).exists()
    assert days_late(late.state, late.due_on, late.done_on, date(2027, 1, 1)) == 6
    assert ada.checklists.count() == 1


@pytest.mark.parametrize(
    ("state", "done_on", "late"),
    [
        ("open", None, 4),
        ("done", FRIDAY, 0),
        ("done", FRIDAY + timedelta(days=1), 1),
        ("not needed", None, 0),
    ],
)
def test_late_is_counted_in_days(state: str, done_on: date | None, late: int) -> None:
    assert days_late(state, FRIDAY, done_on, FRIDAY + timedelta(days=4)) == late


def test_a_step_is_not_needed_for_a_reason_only() -> None:
    _, problems = read_step({"state": "not needed"}, today=FRIDAY)
    said, none = read_step({"state": "not needed", "note": "No laptop"}, today=FRIDAY)

    assert [each.where for each in problems] == ["note"]
    assert (said.done_on, none) == (None, [])


def test_nothing_is_done_on_a_day_that_has_not_come() -> None:
    _, problems = read_step({"state": "done", "done_on": "2026-08-08"}, today=FRIDAY)
    said, _ = read_step({"state": "done"}, today=FRIDAY)

    assert [each.where for each in problems] == ["done_on"]
    assert said.done_on == FRIDAY


def test_somebody_does_own_steps_only(larkspur: Organization) -> None:
    """And gives none of them to others."""
    take(larkspur, "joiner-employee")
    ada, bob = join(larkspur, "Ada"), join(larkspur, "Bob")
    mine = steps_of(ada)[0]
    theirs = steps_of(bob)[0]

    done = say(larkspur, mine, ada, state=StepState.DONE, done_on=date(2026, 8, 1))
    with pytest.raises(StepNotYoursError):
        say(larkspur, theirs, ada, state=StepState.DONE, done_on=date(2026, 8, 1))
    with pytest.raises(StepNotYoursError):
        say(larkspur, steps_of(ada)[0], ada, assignee=bob.number)

    assert done.state == "done"


def test_two_people_who_say_something_of_a_step_lose_nothing(larkspur: Organization) -> None:
    take(larkspur, "joiner-employee")
    step = steps_of(join(larkspur, "Ada"))[0]
    say(larkspur, step, note="Begun")

    with pytest.raises(StaleVersionError):
        say(larkspur, step, note="Mine")

    assert Step.objects.get(pk=step.pk).note == "Begun"


def test_a_departure_that_is_withdrawn_takes_its_steps_along(larkspur: Organization) -> None:
    take(larkspur, "leaver-employee")
    ada = leave(larkspur, join(larkspur, "Ada"), date(2026, 12, 31))
    assert open_steps(larkspur).exists()

    withdraw_leaver(organization=larkspur, number=1, reason="Stays", seen=2, by="test", at=AT)

    assert not open_steps(larkspur).exists()
    assert ada.checklists.get().withdrawn == "Stays"


def test_another_last_day_moves_what_is_due(larkspur: Organization) -> None:
    take(larkspur, "leaver-employee")
    ada = leave(larkspur, join(larkspur, "Ada"), date(2026, 12, 31))
    before = list(Step.objects.order_by("place").values_list("due_on", flat=True))

    with pytest.raises(PersonRefusedError, match="reason: is empty"):
        leave(larkspur, ada, date(2027, 1, 29))
    ada.refresh_from_db()
    leave(larkspur, ada, date(2027, 1, 29), "They stay for the handover")

    after = list(Step.objects.order_by("place").values_list("due_on", flat=True))
    assert ada.checklists.get().event_on == date(2027, 1, 29)
    assert len(before) == len(after)
    assert all(new > old for old, new in zip(before, after, strict=True))
