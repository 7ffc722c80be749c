"""The plan: tasks as values, their order, their schedule, and the earliest period start."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.program.plan import PlannedTask, Risk, TaskFields, TaskState, read_task
from reperform.program.plan.order import find_circle, in_order
from reperform.program.plan.schedule import Schedule, last_day, schedule, working_day

MONDAY = date(2026, 8, 3)


def task(
    number: int,
    *,
    after: Sequence[int] = (),
    effort: int | None = 1,
    **more: Any,  # noqa: ANN401 - fields of a task
) -> PlannedTask:
    fields = TaskFields(title=f"Task {number}", depends_on=tuple(after), effort_days=effort, **more)
    return PlannedTask(number, fields)


def days(plan: Schedule) -> dict[int, tuple[str, str]]:
    return {each.task.number: (str(each.starts), str(each.ends)) for each in plan.tasks}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\ud800b"}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x", "criterion": "CC9.9"}, "criterion"),
        ({"title": "x", "point": "CC6.1-a"}, "point"),
        ({"title": "x", "criterion": "CC6.2", "point": "CC6.1-a"}, "point"),
        ({"title": "x", "control": "<b>"}, "control"),
        ({"title": "x", "owner": "-1"}, "owner"),
        ({"title": "x", "owner": True}, "owner"),
        ({"title": "x", "owner": "٣"}, "owner"),
        ({"title": "x", "due_on": "2026-02-30"}, "due_on"),
        ({"title": "x", "due_on": 20260101}, "due_on"),
        ({"title": "x", "effort_days": "0"}, "effort_days"),
        ({"title": "x", "effort_days": "1e9"}, "effort_days"),
        ({"title": "x", "effort_days": 2.5}, "effort_days"),
        ({"title": "x", "risk": "huge"}, "risk"),
        ({"title": "x", "depends_on": "3, x"}, "depends_on"),
        ({"title": "x", "depends_on": list(range(1, 60))}, "depends_on"),
        ({"title": "x", "depends_on": [[1]]}, "depends_on"),
        ({"title": "x", "state": "dropped"}, "reason"),
        ({"title": "x", "state": "done", "closed_on": "2026-08-04"}, "closed_on"),
        ({"title": "x", "surprise": 1}, "surprise"),
    ],
)
def test_a_field_that_cannot_be_kept_is_named(content: Mapping[str, Any], where: str) -> None:
    """One problem, at the field."""
    _, problems = read_task(content, today=MONDAY)

    assert where in {problem.where for problem in problems}


def test_a_task_reads_the_same_from_a_form_and_from_json() -> None:
    """Text and JSON's own types."""
    form = {
        "title": " Review access ",
        "criterion": "CC6.1",
        "point": "CC6.1-a",
        "effort_days": "3",
        "due_on": "2026-09-01",
        "depends_on": "5, 3",
        "owner": "",
        "risk": "high",
        "state": "done",
        "closed_on": "",
    }
    json = {
        "title": "Review access",
        "criterion": "CC6.1",
        "point": "CC6.1-a",
        "effort_days": 3,
        "due_on": "2026-09-01",
        "depends_on": [3, 5],
        "owner": None,
        "risk": "high",
        "state": "done",
    }

    assert read_task(form, today=MONDAY) == read_task(json, today=MONDAY)
    fields, problems = read_task(form, today=MONDAY)
    assert not problems
    assert (fields.depends_on, fields.closed_on) == ((3, 5), MONDAY)


DEPENDENCIES = st.dictionaries(
    st.integers(1, 8), st.lists(st.integers(1, 8), max_size=4), max_size=8
)


@given(DEPENDENCIES)
def test_a_circle_is_found_exactly_when_there_is_one(depends_on: dict[int, list[int]]) -> None:
    """Against taking away, again and again, what waits for nothing."""
    left = {number: set(others) for number, others in depends_on.items()}
    for others in depends_on.values():
        for other in others:
            left.setdefault(other, set())
    while free := [number for number, others in left.items() if not others & left.keys()]:
        for number in free:
            del left[number]

    circle = find_circle(depends_on)

    assert bool(circle) == bool(left)
    if circle:
        assert circle[0] == circle[-1]
        assert all(b in depends_on[a] for a, b in itertools.pairwise(circle))


def test_a_very_long_chain_is_no_circle() -> None:
    """No recursion: ten thousand tasks in a row."""
    assert not find_circle({number: [number + 1] for number in range(10_000)})


@st.composite
def plans(draw: st.DrawFn) -> list[PlannedTask]:
    """Draw a plan without a circle: a task waits for tasks with smaller ranks only."""
    count = draw(st.integers(1, 9))
    numbers = draw(st.permutations(range(1, count + 1)))
    made = []
    for at, number in enumerate(numbers):
        after = draw(st.lists(st.sampled_from(numbers[:at]), max_size=3)) if at else []
        made.append(
            task(
                number,
                after=sorted(set(after)),
                effort=draw(st.integers(1, 30)),
                owner=draw(st.sampled_from([None, 1, 2])),
                risk=draw(st.sampled_from(list(Risk))),
                due_on=draw(st.none() | st.dates(MONDAY, date(2026, 12, 31))),
                state=draw(st.sampled_from([TaskState.OPEN, TaskState.OPEN, TaskState.DONE])),
            )
        )
    return made


@given(plans(), st.dates(date(2026, 8, 1), date(2026, 8, 9)))
def test_no_task_begins_before_what_it_waits_for_ends(plan: list[PlannedTask], today: date) -> None:
    """Nor on a weekend, nor in the past, and nobody does two at once."""
    made = schedule(plan, today=today)
    every = made.by_number

    assert set(every) == {each.number for each in plan if each.is_open}
    taken: set[tuple[int | None, date]] = set()
    for each in made.tasks:
        assert each.starts
        assert each.ends
        assert today <= each.starts <= each.ends
        assert each.starts.weekday() < 5
        assert each.ends.weekday() < 5
        for other in each.task.fields.depends_on:
            if other in every:
                assert (every[other].ends or date.max) < each.starts
        worked = [
            each.starts + timedelta(days=n)
            for n in range((each.ends - each.starts).days + 1)
            if (each.starts + timedelta(days=n)).weekday() < 5
        ]
        assert len(worked) == each.task.fields.effort_days
        slots = {(each.task.fields.owner, day) for day in worked}
        assert not slots & taken
        taken |= slots


@given(plans(), st.data())
def test_a_greater_effort_never_makes_anything_earlier(
    plan: list[PlannedTask], data: st.DataObject
) -> None:
    """For every task of the plan, not only for the one that grew."""
    at = data.draw(st.integers(0, len(plan) - 1))
    more = data.draw(st.integers(1, 40))
    grown = list(plan)
    effort = (plan[at].fields.effort_days or 0) + more
    grown[at] = replace(plan[at], fields=replace(plan[at].fields, effort_days=effort))

    before, after = (schedule(each, today=MONDAY).by_number for each in (plan, grown))

    for number, each in before.items():
        assert (each.ends or date.max) <= (after[number].ends or date.max)


@given(plans())
def test_the_chain_has_no_slack(plan: list[PlannedTask]) -> None:
    """Each task of the chain begins on the working day after the one before it ended."""
    made = schedule(plan, today=MONDAY)
    for each in made.tasks:
        chain = made.chain(each.task.number)
        assert chain[0].starts == MONDAY
        for one, two in itertools.pairwise(chain):
            assert one.ends
            assert two.starts == working_day(one.ends + timedelta(days=1))


def test_tasks_that_wait_come_after_and_risk_decides_among_the_others() -> None:
    """3 waits for 1; 2 is high; 4 is due first of the low ones."""
    plan = [
        task(1, risk=Risk.LOW),
        task(2, risk=Risk.HIGH),
        task(3, risk=Risk.HIGH, after=[1]),
        task(4, risk=Risk.LOW, due_on=MONDAY),
    ]

    assert [each.number for each in in_order(plan)] == [2, 4, 1, 3]


def test_one_person_does_one_task_at_a_time_and_two_people_two() -> None:
    """Ada's second task waits for her first, Bob's does not."""
    plan = [task(1, effort=5, owner=1), task(2, effort=2, owner=1), task(3, effort=2, owner=2)]

    assert days(schedule(plan, today=MONDAY)) == {
        1: ("2026-08-03", "2026-08-07"),
        2: ("2026-08-10", "2026-08-11"),
        3: ("2026-08-03", "2026-08-04"),
    }


def test_without_an_estimate_nothing_after_it_can_be_said() -> None:
    """Not the end of the task, and not of those that wait for it."""
    made = schedule([task(1, effort=None), task(2, after=[1])], today=MONDAY)

    assert [each.ends for each in made.tasks] == [None, None]
    assert made.ends is None
    assert made.tasks[1].because == "nobody can say when task 1 ends"


@given(st.dates(MONDAY, date(2030, 1, 1)), st.integers(1, 250))
def test_the_last_day_is_counted_in_working_days(first: date, effort: int) -> None:
    """Against counting them one by one."""
    first = working_day(first)
    day, left = first, effort - 1
    while left:
        day = working_day(day + timedelta(days=1))
        left -= 1

    assert last_day(first, effort) == day


def test_a_plan_of_millennia_is_not_known_instead_of_breaking() -> None:
    """Ten thousand tasks of a year each end beyond every calendar."""
    plan = [task(number, effort=250) for number in range(1, 10_001)]

    made = schedule(plan, today=MONDAY)

    assert made.tasks[0].ends
    assert made.tasks[-1].ends is None
