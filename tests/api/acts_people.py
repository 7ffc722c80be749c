"""The acts on the workforce: joiners, movers, leavers, checklists, training, checks."""

from collections.abc import Callable
from datetime import date

from api.acts import AT, BY, EARLIER, Case, Place
from reperform.base.grid import read_grid
from reperform.program.actions import background, checklists, people, training
from reperform.program.actions.people_import import import_people
from reperform.program.checklists.files import checklist_library
from reperform.program.checklists.steps import StepFields, StepState
from reperform.program.models import Person
from reperform.program.people import (
    Event,
    JoinerFields,
    LeaverFields,
    PersonFields,
    PostingFields,
)
from reperform.program.people.mapping import read_choices
from reperform.program.queries.people_import import people_import
from reperform.program.training import CheckFields, CourseFields, Outcome, TrainingFields

Act = Callable[[], object]
START = date(2026, 7, 1)


def joiner(name: str = "Ada", start: date = START) -> JoinerFields:
    email = f"{name.lower()}@larkspur.example"
    return JoinerFields(PersonFields(name, email, start), PostingFields(start, position="Engineer"))


def entered(place: Place, name: str = "Ada") -> Person:
    return people.enter_joiner(
        organization=place.organization, fields=joiner(name), by="test", at=EARLIER
    )


def taken(place: Place, name: str = "joiner-employee") -> None:
    checklists.write_checklist(
        organization=place.organization,
        checklist=checklist_library()[name],
        seen=0,
        by="test",
        at=EARLIER,
    )


def join(place: Place) -> Act:
    taken(place)
    return lambda: people.enter_joiner(
        organization=place.organization, fields=joiner(), by=BY, at=AT
    )


def change(place: Place) -> Act:
    taken(place)
    entered(place)
    fields = PersonFields("Ada Lovelace", "ada@larkspur.example", date(2026, 7, 2))
    return lambda: people.change_person(
        organization=place.organization,
        number=1,
        fields=fields,
        seen=1,
        by=BY,
        at=AT,
        reason="A slip",
    )


def move(place: Place) -> Act:
    taken(place, "mover-employee")
    entered(place)
    fields = PostingFields(date(2026, 7, 15), position="Team lead", note="Promoted")
    return lambda: people.enter_move(
        organization=place.organization, number=1, fields=fields, by=BY, at=AT
    )


def withdraw_move(place: Place) -> Act:
    entered(place)
    people.enter_move(
        organization=place.organization,
        number=1,
        fields=PostingFields(date(2026, 7, 15), position="Team lead"),
        by="test",
        at=EARLIER,
    )
    return lambda: people.withdraw_move(
        organization=place.organization, number=1, posting=2, reason="Not yet", by=BY, at=AT
    )


def leave(place: Place) -> Act:
    taken(place, "leaver-employee")
    entered(place)
    return lambda: people.enter_leaver(
        organization=place.organization,
        number=1,
        fields=LeaverFields(date(2026, 7, 31)),
        seen=1,
        by=BY,
        at=AT,
    )


def stay(place: Place) -> Act:
    entered(place)
    people.enter_leaver(
        organization=place.organization,
        number=1,
        fields=LeaverFields(date(2026, 7, 31)),
        seen=1,
        by="test",
        at=EARLIER,
    )
    return lambda: people.withdraw_leaver(
        organization=place.organization, number=1, reason="She stays", seen=2, by=BY, at=AT
    )


def take(place: Place) -> Act:
    return lambda: checklists.write_checklist(
        organization=place.organization,
        checklist=checklist_library()["leaver-employee"],
        seen=0,
        by=BY,
        at=AT,
    )


def start(place: Place) -> Act:
    entered(place)
    taken(place)
    return lambda: checklists.start_checklist(
        organization=place.organization, number=1, event=Event.JOINER, by=BY, at=AT
    )


def do_step(place: Place) -> Act:
    taken(place)
    entered(place)
    fields = StepFields(StepState.DONE, date(2026, 7, 2), "Signed.")
    return lambda: checklists.change_step(
        organization=place.organization,
        number=1,
        fields=fields,
        seen=1,
        limited_to=None,
        by=BY,
        at=AT,
        proof=("agreement.txt", b"signed"),
    )


def require(place: Place) -> Act:
    fields = CourseFields("Security", START)
    return lambda: training.require_course(
        organization=place.organization, fields=fields, by=BY, at=AT
    )


def change_course(place: Place) -> Act:
    training.require_course(
        organization=place.organization, fields=CourseFields("Security", START), by="t", at=EARLIER
    )
    fields = CourseFields("Security", START, within_days=14)
    return lambda: training.change_course(
        organization=place.organization, number=1, fields=fields, seen=1, by=BY, at=AT
    )


def train(place: Place) -> Act:
    entered(place)
    fields = TrainingFields("Security", date(2026, 7, 9), "Hartwood")
    return lambda: training.record_training(
        organization=place.organization, person=1, fields=fields, by=BY, at=AT
    )


def withdraw_training(place: Place) -> Act:
    entered(place)
    training.record_training(
        organization=place.organization,
        person=1,
        fields=TrainingFields("Security", date(2026, 7, 9)),
        by="test",
        at=EARLIER,
    )
    return lambda: training.withdraw_training(
        organization=place.organization, number=1, reason="Somebody else's", by=BY, at=AT
    )


def order_check(place: Place) -> Act:
    entered(place)
    fields = CheckFields("Identity", date(2026, 6, 20))
    return lambda: background.order_check(
        organization=place.organization, person=1, fields=fields, by=BY, at=AT
    )


def change_check(place: Place) -> Act:
    entered(place)
    background.order_check(
        organization=place.organization,
        person=1,
        fields=CheckFields("Identity", date(2026, 6, 20)),
        by="test",
        at=EARLIER,
    )
    done = CheckFields("Identity", date(2026, 6, 20), date(2026, 6, 28), Outcome.CLEARED)
    return lambda: background.change_check(
        organization=place.organization, number=1, fields=done, seen=1, by=BY, at=AT
    )


LIST = b"Name,E-mail,Start date\nAda,ada@larkspur.example,2026-07-01\n"


def importing(place: Place) -> Act:
    member, guessed = place.member(), read_choices({}, ("Name", "E-mail", "Start date"))
    grid = read_grid(LIST, name="list.csv")
    plan = people_import(place.organization, grid, guessed, today=AT.date())
    return lambda: import_people(
        organization=place.organization,
        member=member,
        file_name="list.csv",
        content=LIST,
        choices=guessed,
        expected=plan.fingerprint,
        by=BY,
        at=AT,
    )


CASES = {
    "program.actions.people_import.import_people": Case(
        importing, ("person.joined", "people.imported"), after={"name": "Ada"}
    ),
    "program.actions.people.enter_joiner": Case(
        join,
        ("person.joined",),
        after={"name": "Ada", "started_on": "2026-07-01", "checklist": "joiner-employee 1"},
    ),
    "program.actions.people.change_person": Case(
        change,
        ("person.changed",),
        before={"name": "Ada", "started_on": "2026-07-01"},
        after={"name": "Ada Lovelace", "started_on": "2026-07-02"},
    ),
    "program.actions.people.enter_move": Case(
        move,
        ("person.moved",),
        before={"position": "Engineer"},
        after={"position": "Team lead", "from_day": "2026-07-15", "posting": 2},
    ),
    "program.actions.people.withdraw_move": Case(
        withdraw_move,
        ("move.withdrawn",),
        before={"position": "Team lead"},
        after={"withdrawn": "Not yet"},
    ),
    "program.actions.people.enter_leaver": Case(
        leave,
        ("person.left",),
        before={"ended_on": None},
        after={"ended_on": "2026-07-31", "checklist": "leaver-employee 1"},
    ),
    "program.actions.people.withdraw_leaver": Case(
        stay,
        ("leaving.withdrawn",),
        before={"ended_on": "2026-07-31"},
        after={"ended_on": None, "reason": "She stays"},
    ),
    "program.actions.checklists.write_checklist": Case(
        take, ("checklist.taken",), after={"title": "An employee leaves", "version": 1}
    ),
    "program.actions.checklists.start_checklist": Case(
        start, ("checklist.started",), after={"event": "joiner", "event_on": "2026-07-01"}
    ),
    "program.actions.checklists.change_step": Case(
        do_step,
        ("step.done",),
        before={"state": "open"},
        after={"state": "done", "done_on": "2026-07-02", "person": 1},
    ),
    "program.actions.training.require_course": Case(
        require, ("course.required",), after={"course": "Security", "within_days": 30}
    ),
    "program.actions.training.change_course": Case(
        change_course,
        ("course.changed",),
        before={"within_days": 30},
        after={"within_days": 14},
    ),
    "program.actions.training.record_training": Case(
        train, ("training.recorded",), after={"course": "Security", "completed_on": "2026-07-09"}
    ),
    "program.actions.training.withdraw_training": Case(
        withdraw_training, ("training.withdrawn",), after={"withdrawn": "Somebody else's"}
    ),
    "program.actions.background.order_check": Case(
        order_check, ("check.ordered",), after={"kind": "Identity", "outcome": "pending"}
    ),
    "program.actions.background.change_check": Case(
        change_check,
        ("check.changed",),
        before={"outcome": "pending"},
        after={"outcome": "cleared", "completed_on": "2026-06-28"},
    ),
}
NO_ACTS = {
    "program.actions.checklist_rows.begin": "a part of an action, which records what it begins",
    "program.actions.checklist_rows.described": "a value",
    "program.actions.checklist_rows.ended": "a part of an action, which records it",
    "program.actions.checklist_rows.moved": "a part of an action, which records the days",
    "program.actions.person_rows.add_person": "a part of an action, which records it",
    "program.actions.person_rows.add_posting": "a part of an action, which records it",
    "program.actions.person_rows.found_person": "a look",
    "program.actions.person_rows.keep_proof": "a part of an action, which records its digests",
    "program.actions.person_rows.read_reason": "a value",
    "program.actions.person_rows.refuse": "a value",
    "program.actions.person_rows.refuse_second": "refuses, or does nothing",
    "program.actions.person_rows.save": "a part of an action, which records it",
    "program.actions.person_rows.settle": "a part of an action, which records it",
    "program.actions.person_rows.write_person": "a part of an action, which records it",
}
