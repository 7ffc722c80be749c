"""What the register of people says of criteria and controls; nothing in it is never clean."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reperform.accounts.models import Organization
from reperform.ledger.models import Change
from reperform.program.actions.background import change_check, order_check
from reperform.program.actions.checklists import change_step, write_checklist
from reperform.program.actions.people import enter_joiner, enter_move
from reperform.program.actions.training import require_course
from reperform.program.checklists.files import checklist_library
from reperform.program.checklists.steps import StepFields, StepState
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.models import DayCorrection, Person, Step
from reperform.program.people import JoinerFields, PersonFields, PostingFields
from reperform.program.queries.people_traces import people_traces
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.scope.document import ScopeDocument
from reperform.program.training import CheckFields, CourseFields, Outcome

AT = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
START, TODAY = date(2026, 5, 4), date(2026, 8, 1)
MOST_QUERIES = 14


def join(place: Organization, name: str = "Ada") -> Person:
    fields = JoinerFields(
        PersonFields(name, f"{name.lower()}@larkspur.example", START),
        PostingFields(START, position="Falconer"),
    )
    return enter_joiner(organization=place, fields=fields, by="test", at=AT)


def traces(place: Organization) -> list[Trace]:
    return people_traces(TracesAsked(place, TODAY, ScopeDocument(), {}))


def of(place: Organization, criterion: str) -> list[tuple[TraceState, str]]:
    return [(each.state, each.said) for each in traces(place) if criterion in each.criteria]


def check(
    place: Organization, person: Person, outcome: Outcome = Outcome.CLEARED, day: int = 2
) -> None:
    ordered = CheckFields("identity", date(2026, 5, day - 1))
    row = order_check(organization=place, person=person.number, fields=ordered, by="test", at=AT)
    done = CheckFields("identity", date(2026, 5, day - 1), date(2026, 5, day), outcome)
    change_check(organization=place, number=row.number, fields=done, seen=1, by="test", at=AT)


@pytest.mark.parametrize("criterion", ["CC1.4", "CC2.2", "CC6.2", "CC6.3"])
def test_an_empty_register_was_not_checked(larkspur: Organization, criterion: str) -> None:
    (found,) = of(larkspur, criterion)
    assert found[0] is TraceState.NOT_CHECKED


def test_people_alone_make_nothing_clean(larkspur: Organization) -> None:
    """No check, no course: not checked.  A joiner without a checklist is lacking."""
    join(larkspur)

    assert {state for state, _ in of(larkspur, "CC1.4")} == {TraceState.NOT_CHECKED}
    assert (TraceState.LACKING, "1 of 1 who joined in the last 12 months have no checklist.") in of(
        larkspur, "CC6.2"
    )
    assert TraceState.KEPT not in [each.state for each in traces(larkspur)]


def test_who_has_no_complete_check_is_counted(larkspur: Organization) -> None:
    first, _ = join(larkspur), join(larkspur, "Ben")
    check(larkspur, first)

    lacking = (
        TraceState.LACKING,
        "1 of 2 people at work have no background check that is complete.",
    )
    assert lacking in of(larkspur, "CC1.4")

    check(larkspur, Person.objects.get(name="Ben"))

    kept = (TraceState.KEPT, "0 of 2 people at work have no background check that is complete.")
    assert kept in of(larkspur, "CC1.4")


def test_a_check_that_was_not_cleared_is_not_kept(larkspur: Organization) -> None:
    """It is complete, and what came of it counts; one that cleared them later counts instead."""
    ada = join(larkspur)
    check(larkspur, ada, Outcome.NOT_CLEARED)

    (said,) = [said for state, said in of(larkspur, "CC1.4") if state is TraceState.LACKING]
    assert said.endswith("The check of 1 was not cleared.")

    check(larkspur, ada, day=3)

    assert TraceState.LACKING not in [state for state, _ in of(larkspur, "CC1.4")]


def test_where_nobody_is_at_work_nothing_is_kept(larkspur: Organization) -> None:
    """None of none lacks a check: that is nothing to rely on."""
    check(larkspur, join(larkspur))
    Person.objects.update(ended_on=START)

    of_checks = [each for each in traces(larkspur) if "check was" in each.said]

    assert [each.state for each in of_checks] == [TraceState.NOT_CHECKED]
    assert all("CC1.4" not in each.criteria for each in traces(larkspur) if each.state == "kept")


def test_who_is_late_with_a_course_is_counted(larkspur: Organization) -> None:
    join(larkspur)
    course = CourseFields("Security basics", START, within_days=30)
    require_course(organization=larkspur, fields=course, by="test", at=AT)

    late = "1 of 1 people at work are late with a course that they must complete."
    assert (TraceState.LACKING, late) in of(larkspur, "CC2.2")


def test_a_course_that_asks_nobody_at_work_shows_nothing(larkspur: Organization) -> None:
    join(larkspur)
    course = CourseFields("Secure coding", START, department="Engineering")
    require_course(organization=larkspur, fields=course, by="test", at=AT)

    nobody = "No course is required of anybody at work, so nobody's training was looked at."
    assert of(larkspur, "CC2.2") == [(TraceState.NOT_CHECKED, nobody)]


def test_late_steps_of_joiners_lack_and_done_ones_are_kept(larkspur: Organization) -> None:
    text = checklist_library()["joiner-employee"]
    write_checklist(organization=larkspur, checklist=text, seen=0, by="test", at=AT)
    join(larkspur)

    assert TraceState.LACKING in [state for state, said in of(larkspur, "CC6.2") if "Steps" in said]

    for step in Step.objects.filter(organization=larkspur):
        change_step(
            organization=larkspur,
            number=step.number,
            fields=StepFields(StepState.DONE, step.due_on, "Done."),
            seen=step.version,
            limited_to=None,
            by="test",
            at=AT,
        )
    states = [
        state for state, said in of(larkspur, "CC6.2") if "Steps for people who joined" in said
    ]
    assert states == [TraceState.KEPT]


def test_a_mover_without_a_checklist_is_counted_and_joining_is_no_move(
    larkspur: Organization,
) -> None:
    person = join(larkspur)
    assert [state for state, _ in of(larkspur, "CC6.3")] == [TraceState.NOT_CHECKED] * 2

    fields = PostingFields(date(2026, 6, 1), position="Head of Falcons")
    enter_move(organization=larkspur, number=person.number, fields=fields, by="test", at=AT)

    said = "1 of 1 who moved in the last 12 months have no checklist."
    assert (TraceState.LACKING, said) in of(larkspur, "CC6.3")


def test_few_queries_whoever_works_there(larkspur: Organization) -> None:
    for number in range(20):
        join(larkspur, f"Person{number}")
    with CaptureQueriesContext(
        connection,
    ) as made:
        traces(larkspur)
    assert len(made) <= MOST_QUERIES


def test_search_finds_people_by_name_and_position(manager: Client, larkspur: Organization) -> None:
    join(larkspur)
    for words in ("Falconer", "Ada", "ada@larkspur.example"):
        page = manager.get("/o/larkspur/search/", {"q": words}).content.decode()
        assert "/o/larkspur/people/1/" in page, words


def test_a_corrected_first_day_keeps_what_was_due_and_says_who_is_not_late_any_more(
    manager: Client, larkspur: Organization
) -> None:
    """Another day cannot end in silence that a step was late."""
    text = checklist_library()["joiner-employee"]
    write_checklist(organization=larkspur, checklist=text, seen=0, by="test", at=AT)
    person = join(larkspur)
    steps = Step.objects.filter(organization=larkspur)
    was = {str(each.number): each.due_on.isoformat() for each in steps}
    today = datetime.now(UTC).date()
    written = {
        "name": "Ada",
        "email": "ada@larkspur.example",
        "started_on": (today + timedelta(days=300)).isoformat(),
        "seen": "1",
    }
    place = f"/o/larkspur/people/{person.number}/"

    refused = manager.post(f"{place}edit/", written)
    assert "say why" in refused.content.decode()
    assert {str(e.number): e.due_on.isoformat() for e in steps.all()} == was

    manager.post(f"{place}edit/", written | {"reason": "The contract was signed late"})

    kept = DayCorrection.objects.get(checklist__person=person)
    assert kept.due == was
    assert len(kept.lifted) == len(was), "every step was late, and none is any more"
    page = manager.get(place).content.decode()
    assert "The contract was signed late" in page
    assert "Not late any more by it" in page
    entry = Change.objects.filter(log=larkspur.log).latest("pk")
    assert entry.act == "person.changed"
