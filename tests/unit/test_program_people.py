"""The workforce: one answer for every day, and nobody who reports to themselves."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from reperform.accounts.actions.organizations import found_organization
from reperform.accounts.models import Organization
from reperform.base.stale import StaleVersionError
from reperform.program.actions.people import (
    change_person,
    enter_joiner,
    enter_leaver,
    enter_move,
    withdraw_leaver,
    withdraw_move,
)
from reperform.program.actions.person_rows import PersonRefusedError
from reperform.program.models import Person
from reperform.program.people import (
    JoinerFields,
    Kind,
    LeaverFields,
    PersonFields,
    PostingFields,
    joiner_content,
    read_joiner,
    read_leaver,
    read_move,
)
from reperform.program.people.reporting import Span, ends, find_circle
from reperform.program.queries.people import held, people_like, people_on, posting_on

AT = datetime(2026, 8, 1, 9, 0, tzinfo=UTC)
BEGIN = date(2026, 1, 5)


@pytest.fixture
def larkspur(db: None) -> Organization:  # noqa: ARG001 - it opens the database
    return found_organization(name="Larkspur", by="test", at=AT)


def join(place: Organization, name: str, start: date = BEGIN, **more: Any) -> Person:  # noqa: ANN401 - fields of a posting
    email = more.pop("email", f"{name.lower()}@larkspur.example")
    fields = JoinerFields(PersonFields(name, email, start), PostingFields(start, **more))
    return enter_joiner(organization=place, fields=fields, by="test", at=AT)


def move(place: Organization, person: Person, day: date, **more: Any) -> None:  # noqa: ANN401 - as above
    fields = PostingFields(day, **more)
    enter_move(organization=place, number=person.number, fields=fields, by="test", at=AT)


def leave(place: Organization, person: Person, day: date) -> None:
    person.refresh_from_db()
    enter_leaver(
        organization=place,
        number=person.number,
        fields=LeaverFields(day),
        seen=person.version,
        by="test",
        at=AT,
    )


def was(person: Person, day: date) -> str:
    found = posting_on(person, day)
    return found.position if found else "nothing"


def wrong(refused: pytest.ExceptionInfo[PersonRefusedError]) -> str:
    return refused.value.problems[0].where


def test_a_joiner_is_read_as_it_is_written() -> None:
    said = {
        "name": "Ada",
        "email": "Ada@Larkspur.example",
        "started_on": "2026-01-05",
        "kind": "contractor",
        "position": "Engineer",
        "department": "Platform",
        "manager": 3,
    }

    fields, problems = read_joiner(said)

    assert not problems
    assert joiner_content(fields) == said | {"email": "ada@larkspur.example"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "a\x00b"),
        ("email", "no address"),
        ("email", "two@x.example,three@x.example"),
        ("started_on", ""),
        ("started_on", "yesterday"),
        ("started_on", "9999-12-31"),
        ("started_on", "1066-10-14"),
        ("kind", "robot"),
        ("manager", "Grace"),
        ("salary", "1"),
    ],
)
def test_a_field_that_cannot_be_is_named(field: str, value: str) -> None:
    _, problems = read_joiner({"name": "Ada", "started_on": "2026-01-05"} | {field: value})

    assert {each.where for each in problems} == {field}


@pytest.mark.parametrize("read", [read_move, read_leaver])
def test_an_event_without_its_day_is_a_problem(read: Any) -> None:  # noqa: ANN401 - a function
    _, problems = read({})

    assert problems[0].what == "is empty"


def test_what_somebody_was_is_known_for_every_day(larkspur: Organization) -> None:
    """Moves are entered in any order: before they happen, and long after."""
    ada = join(larkspur, "Ada", position="Engineer")
    move(larkspur, ada, date(2026, 12, 1), position="Head of Engineering")
    move(larkspur, ada, date(2026, 3, 1), position="Team lead")

    days = [date(2026, 1, 4), BEGIN, date(2026, 2, 28), date(2026, 3, 1), date(2026, 11, 30)]

    assert [was(ada, day) for day in days] == [
        "nothing",
        "Engineer",
        "Engineer",
        "Team lead",
        "Team lead",
    ]
    assert was(ada, date(2026, 12, 1)) == "Head of Engineering"


def test_a_move_that_did_not_happen_leaves_what_was_before(larkspur: Organization) -> None:
    """It is kept, with the reason, and its day is free again."""
    ada = join(larkspur, "Ada", position="Engineer")
    move(larkspur, ada, date(2026, 3, 1), position="Team lead")

    withdraw_move(
        organization=larkspur, number=1, posting=2, reason="She declined", by="test", at=AT
    )

    assert was(ada, date(2026, 6, 1)) == "Engineer"
    assert ada.postings.get(number=2).withdrawn == "She declined"
    move(larkspur, ada, date(2026, 3, 1), position="Architect")
    assert was(ada, date(2026, 6, 1)) == "Architect"


def test_who_is_there_includes_the_first_and_the_last_day(larkspur: Organization) -> None:
    leave(larkspur, join(larkspur, "Ada"), date(2026, 6, 30))

    there = [
        people_on(larkspur, day).exists()
        for day in (date(2026, 1, 4), BEGIN, date(2026, 6, 30), date(2026, 7, 1))
    ]

    assert there == [False, True, True, False]


def test_somebody_who_comes_back_is_a_new_person_of_the_same_address(
    larkspur: Organization,
) -> None:
    leave(larkspur, join(larkspur, "Ada"), date(2026, 3, 31))

    again = join(larkspur, "Ada", date(2026, 6, 1))

    assert again.number == 2
    assert [each.number for each in people_on(larkspur, date(2026, 7, 1))] == [2]


@pytest.mark.parametrize("start", [BEGIN, date(2026, 3, 31)])
def test_two_people_never_have_one_address_on_a_day(larkspur: Organization, start: date) -> None:
    leave(larkspur, join(larkspur, "Ada"), date(2026, 3, 31))

    with pytest.raises(PersonRefusedError) as refused:
        join(larkspur, "Adele", start, email="ada@larkspur.example")

    assert wrong(refused) == "email"
    assert Person.objects.count() == 1


def test_nobody_comes_to_report_to_themselves(larkspur: Organization) -> None:
    """Not even on a day that lies ahead, by moves that were each fine when they were entered."""
    ada = join(larkspur, "Ada", position="Chief")
    bob = join(larkspur, "Bob", manager=ada.number)
    eve = join(larkspur, "Eve", manager=bob.number)
    move(larkspur, bob, date(2026, 9, 1), position="On his own")

    move(larkspur, ada, date(2026, 9, 1), position="Engineer", manager=eve.number)
    with pytest.raises(PersonRefusedError) as refused:
        move(larkspur, eve, date(2026, 10, 1), position="x", manager=ada.number)
    with pytest.raises(PersonRefusedError) as withdrawn:
        withdraw_move(organization=larkspur, number=2, posting=2, reason="x", by="test", at=AT)

    assert wrong(refused) == wrong(withdrawn) == "manager"
    assert "2026-10-01" in refused.value.what
    assert not bob.postings.exclude(withdrawn="").exists()


@pytest.mark.parametrize("manager", [1, 2, 9])
def test_a_manager_is_somebody_who_works_there_then(larkspur: Organization, manager: int) -> None:
    """Not somebody who left, not somebody who comes later, and not nobody."""
    leave(larkspur, join(larkspur, "Ada"), date(2026, 2, 1))
    join(larkspur, "Bob", date(2026, 12, 1))

    with pytest.raises(PersonRefusedError) as refused:
        join(larkspur, "Eve", date(2026, 3, 1), manager=manager)

    assert wrong(refused) == "manager"


def test_another_organizations_people_are_not_found(larkspur: Organization) -> None:
    other = found_organization(name="Other", by="test", at=AT)
    join(other, "Ada")
    join(other, "Bob")

    with pytest.raises(PersonRefusedError, match="there is no person 2"):
        join(larkspur, "Eve", manager=2)


@pytest.mark.parametrize("day", [date(2026, 1, 4), date(2026, 7, 1), BEGIN])
def test_a_move_is_on_a_free_day_of_their_work(larkspur: Organization, day: date) -> None:
    ada = join(larkspur, "Ada")
    leave(larkspur, ada, date(2026, 6, 30))

    with pytest.raises(PersonRefusedError) as refused:
        move(larkspur, ada, day, position="x")

    assert wrong(refused) == "from_day"


def test_a_move_that_changes_nothing_is_refused(larkspur: Organization) -> None:
    ada = join(larkspur, "Ada", position="Engineer")

    with pytest.raises(PersonRefusedError):
        move(larkspur, ada, date(2026, 3, 1), position="Engineer", note="Nothing")

    assert ada.postings.count() == 1


def test_a_first_day_is_corrected_with_what_rests_on_it(larkspur: Organization) -> None:
    ada = join(larkspur, "Ada", position="Engineer")
    move(larkspur, ada, date(2026, 3, 1), position="Lead")
    later = PersonFields("Ada", ada.email, date(2026, 2, 1))

    change_person(organization=larkspur, number=1, fields=later, seen=1, by="test", at=AT)
    with pytest.raises(PersonRefusedError):
        change_person(
            organization=larkspur,
            number=1,
            fields=PersonFields("Ada", ada.email, date(2026, 3, 1)),
            seen=2,
            by="test",
            at=AT,
        )
    with pytest.raises(StaleVersionError):
        change_person(organization=larkspur, number=1, fields=later, seen=1, by="bob", at=AT)

    assert (was(ada, date(2026, 1, 31)), was(ada, date(2026, 2, 1))) == ("nothing", "Engineer")


def test_nobody_leaves_before_the_last_event(larkspur: Organization) -> None:
    ada = join(larkspur, "Ada")
    move(larkspur, ada, date(2026, 3, 1), position="Lead")

    with pytest.raises(PersonRefusedError) as refused:
        leave(larkspur, ada, date(2026, 2, 1))

    assert wrong(refused) == "ended_on"


def test_somebody_stays_unless_the_address_is_taken(larkspur: Organization) -> None:
    ada = join(larkspur, "Ada")
    leave(larkspur, ada, date(2026, 3, 31))
    withdraw_leaver(organization=larkspur, number=1, reason="x", seen=2, by="test", at=AT)
    assert Person.objects.get(number=1).ended_on is None

    leave(larkspur, ada, date(2026, 3, 31))
    join(larkspur, "Ada", date(2026, 6, 1))
    with pytest.raises(PersonRefusedError) as refused:
        withdraw_leaver(organization=larkspur, number=1, reason="x", seen=4, by="test", at=AT)

    assert wrong(refused) == "email"


def test_people_are_found_by_what_they_are_on_a_day(larkspur: Organization) -> None:
    ada = join(larkspur, "Ada", position="Engineer", department="Platform")
    join(larkspur, "Bob", date(2026, 12, 1), department="Platform", kind=Kind.CONTRACTOR)
    leave(larkspur, join(larkspur, "Eve", department="Support"), date(2026, 2, 1))
    move(larkspur, ada, date(2026, 6, 1), position="Lead", department="Support")
    day = date(2026, 3, 1)

    def names(**asked: str) -> list[str]:
        return [each.name for each in people_like(larkspur, day, **asked)]

    assert names() == ["Ada"]
    assert names(department="Platform") == ["Ada"]
    assert names(department="Support") == []
    assert names(state="left", department="Support") == ["Eve"]
    assert names(state="to come", kind="contractor") == ["Bob"]
    assert names(state="all") == ["Ada", "Bob", "Eve"]
    assert names(text="engin ada") == ["Ada"]
    assert held(people_on(larkspur, date(2026, 7, 1)), date(2026, 7, 1))[0].position == "Lead"


def test_a_circle_is_found_on_its_first_day() -> None:
    day = date(2026, 1, 1)
    spans = {
        1: [Span(1, day, None, 2)],
        2: [Span(2, day, date(2026, 5, 31), None), Span(2, date(2026, 6, 1), None, 1)],
        3: [Span(3, day, None, 3)],
    }

    assert find_circle(1, spans) == (date(2026, 6, 1), (1, 2, 1))
    assert find_circle(3, spans) == (day, (3, 3))
    assert find_circle(2, {2: spans[2], 1: [Span(1, day, None, None)]}) is None


def test_a_circle_of_others_does_not_hang() -> None:
    day = date(2026, 1, 1)
    spans = {n: [Span(n, day, None, above)] for n, above in ((1, 2), (2, 3), (3, 2))}

    assert find_circle(1, spans) is None


def test_no_day_is_left_between_two_postings() -> None:
    days = [date(2026, 1, 1), date(2026, 3, 1)]

    assert ends(days) == {date(2026, 1, 1): date(2026, 2, 28), date(2026, 3, 1): None}
    assert ends([]) == {}
