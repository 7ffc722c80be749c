"""When controls are due as they were planned, and what became of each time."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.period import Period
from reperform.program.calendar import (
    Calendared,
    PlanFields,
    PlanVersion,
    expected,
    plan_content,
    read_plan,
)
from reperform.program.calendar.entries import (
    Entry,
    EntryFields,
    EntryKind,
    LinkedRegister,
    entry_content,
    read_entry,
)
from reperform.program.calendar.standing import standing_of
from reperform.program.calendar.year import WindowState, Year, in_period, year_of

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
QUARTERLY = Calendared("AC-09", "Review", "quarterly", "manual", date(2024, 5, 1), owner=3)
TODAY = date(2026, 2, 1)


def due(control: Calendared, *versions: PlanVersion, period: Period = YEAR) -> list[str]:
    return [str(each.due_on)[5:] for each in expected(control, versions, period)]


def done(*days: str, entered: date = TODAY) -> list[Entry]:
    return [
        Entry(number, EntryKind.DONE, date.fromisoformat(day), entered)
        for number, day in enumerate(days, 1)
    ]


def year(entries: list[Entry], *, today: date = TODAY, control: Calendared = QUARTERLY) -> Year:
    return year_of(expected(control, (), YEAR), entries, today=today)


def states(found: Year) -> list[str]:
    return [each.state.value for each in found.windows]


def version(day: str, frequency: str = "quarterly", **fields: object) -> PlanVersion:
    return PlanVersion(date.fromisoformat(day), frequency, replace(PlanFields(), **fields))  # type: ignore[arg-type]


def test_without_a_plan_a_control_is_due_as_the_calendar_has_it() -> None:
    slots = expected(QUARTERLY, (), YEAR)

    assert [str(each.due_on) for each in slots[:2]] == ["2025-03-31", "2025-06-30"]
    assert {each.owner for each in slots} == {3}
    assert {each.grace_days for each in slots} == {0}


@pytest.mark.parametrize(
    ("frequency", "kind", "begins"),
    [
        ("per event", "manual", "It operates at each event"),
        ("continuous", "automated", "It lasts"),
        ("daily", "automated", "It works by itself"),
    ],
)
def test_what_no_calendar_decides_has_no_window_and_says_why(
    frequency: str, kind: str, begins: str
) -> None:
    control = replace(QUARTERLY, frequency=frequency, kind=kind)

    assert not expected(control, (), YEAR)
    assert control.said.startswith(begins)


def test_nothing_is_due_before_adoption_or_after_retirement() -> None:
    """A quarter of which half is left counts; one of which less is left does not."""
    late = replace(QUARTERLY, adopted_on=date(2025, 5, 20), retired_on=date(2025, 10, 1))

    assert due(late) == ["09-30"]
    assert due(replace(late, adopted_on=date(2025, 5, 10))) == ["06-30", "09-30"]
    assert not due(replace(QUARTERLY, retired_on=date(2024, 12, 1)))


def test_a_first_due_day_moves_every_window() -> None:
    plan = version("2024-05-01", first_due_on=date(2025, 2, 28), opens_days=14, grace_days=3)

    slots = expected(QUARTERLY, [plan], YEAR)

    assert [str(each.due_on)[5:] for each in slots] == ["02-28", "05-28", "08-28", "11-28"]
    assert [str(each.first_on)[5:] for each in slots][:2] == ["02-14", "05-14"]
    assert slots[0].grace_days == 3


def test_nothing_is_due_before_the_first_due_day() -> None:
    plan = version("2024-05-01", first_due_on=date(2025, 7, 15))

    assert due(QUARTERLY, plan, period=Period(YEAR.first, date(2025, 11, 1))) == ["07-15", "10-15"]


def test_a_daily_control_on_workdays_leaves_the_weekend_out() -> None:
    daily = replace(QUARTERLY, frequency="daily")
    week = Period(date(2025, 3, 3), date(2025, 3, 9))

    found = due(daily, version("2024-05-01", "daily", on_workdays=True), period=week)

    assert found == ["03-03", "03-04", "03-05", "03-06", "03-07"]


def test_a_later_plan_changes_nothing_that_was_due_before() -> None:
    """From quarterly to monthly in the middle of a quarter: the past keeps its quarters."""
    first, second = version("2024-05-01"), version("2025-08-10", "monthly", owner=9)

    slots = expected(QUARTERLY, [first, second], YEAR)

    assert [str(each.due_on)[5:] for each in slots][:3] == ["03-31", "06-30", "08-31"]
    assert [each.owner for each in slots] == [3, 3, 9, 9, 9, 9, 9]
    assert all(a.due_on < b.first_on for a, b in pairwise(slots))


@given(
    st.sampled_from(["daily", "weekly", "monthly", "quarterly", "annual"]),
    st.sampled_from(["daily", "weekly", "monthly", "quarterly", "annual"]),
    st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 1, 1))),
)
def test_what_was_due_before_a_change_is_what_would_have_been_due_without_it(
    before: str, after: str, day: date, first_due_on: date | None
) -> None:
    versions = [version("2024-05-01", before), version(str(day), after, first_due_on=first_due_on)]

    changed = expected(QUARTERLY, versions, YEAR)
    unchanged = expected(QUARTERLY, versions[:1], YEAR)

    assert [e for e in changed if e.due_on < day] == [e for e in unchanged if e.due_on < day]
    assert all(a.due_on < b.first_on <= b.due_on for a, b in pairwise(changed))


def test_a_pause_expects_nothing_and_says_why() -> None:
    pause = version("2025-04-01", is_paused=True, reason="No customers yet.")
    slots = expected(QUARTERLY, [version("2024-05-01"), pause, version("2025-10-01")], YEAR)

    found = year_of(slots, done("2025-02-03"), today=TODAY)

    assert states(found) == ["done", "not expected", "not expected", "overdue"]
    assert found.windows[1].why == "No customers yet."


def test_each_time_is_done_late_missed_or_still_open() -> None:
    """The third was done in the fourth's window while the fourth was done as well."""
    entries = done("2025-03-31", "2025-10-20", "2025-11-30")

    assert states(year(entries)) == ["done", "missed", "done late", "done"]
    assert [each.days_late for each in year(entries).windows] == [0, 0, 20, 0]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("2025-09-30", "to come"),
        ("2025-10-01", "due"),
        ("2025-12-31", "due"),
        ("2026-01-01", "overdue"),
        ("2026-04-02", "overdue"),
        ("2026-04-03", "missed"),
    ],
)
def test_what_was_not_done_is_to_come_due_overdue_and_then_missed(today: str, state: str) -> None:
    assert states(year([], today=date.fromisoformat(today)))[-1] == state


@pytest.mark.parametrize(("day", "state"), [("2025-07-05", "done"), ("2025-07-06", "done late")])
def test_grace_keeps_it_in_time(day: str, state: str) -> None:
    slots = expected(QUARTERLY, [version("2024-05-01", grace_days=5)], YEAR)

    found = year_of(slots, done("2025-01-02", day), today=date(2025, 7, 6))

    assert states(found) == ["done", state, "due", "to come"]


def test_the_only_time_in_an_open_window_is_the_late_one_of_the_window_before() -> None:
    """Until the window is over and there is no second: then it was that window's own."""
    entries = done("2025-01-02", "2025-08-01")

    assert states(year(entries, today=date(2025, 9, 30))) == ["done", "done late", "due", "to come"]
    assert states(year(entries, today=date(2025, 10, 1))) == ["done", "missed", "done", "due"]


def test_an_early_second_time_fills_no_later_hole() -> None:
    found = year(done("2025-01-10", "2025-03-20"))

    assert states(found) == ["done", "missed", "missed", "overdue"]
    assert [each.entry.number for each in found.spare] == [2]
    assert "an early second time fills no other" in found.spare[0].why


def test_what_was_done_after_the_period_and_fills_nothing_of_it_is_not_spare_in_it() -> None:
    """It is of the next period; what fills the last time late stays."""
    entries = done("2025-03-01", "2025-03-20", "2025-12-20", "2026-01-15")

    found = in_period(year(entries, today=date(2026, 3, 1)), YEAR)

    assert [each.entry.number for each in found.spare] == [2]
    assert found.windows == year(entries, today=date(2026, 3, 1)).windows


def test_what_was_said_not_to_be_done_is_missed_with_its_reason() -> None:
    said = Entry(9, EntryKind.NOT_DONE, date(2026, 1, 31), TODAY, "Moved offices.")
    found = year_of(
        expected(QUARTERLY, (), Period(date(2026, 1, 1), date(2026, 6, 30))), [said], today=TODAY
    )

    assert states(found) == ["missed", "to come"]
    assert found.windows[0].why == "Moved offices."


def test_an_entry_made_long_after_the_fact_is_marked() -> None:
    early, late = Entry(1, EntryKind.DONE, date(2026, 1, 25), TODAY), done("2025-12-31")[0]

    assert not early.is_back_dated
    assert late.is_back_dated


def test_a_standing_counts_and_names() -> None:
    found = standing_of(year(done("2025-01-10", "2025-03-20", "2025-08-01")), YEAR)

    assert (found.done, found.so_far) == (2, 4)
    assert found.missed == (date(2025, 6, 30),)
    assert [each.state for each in found.open] == [WindowState.OVERDUE]
    assert found.state is WindowState.MISSED
    assert found.spare == 1
    assert len(found.months) == 12
    assert [month.said for month in found.months[2:6]] == [
        "1 done",
        "nothing due",
        "nothing due",
        "1 missed",
    ]


DAYS = st.dates(date(2024, 11, 1), date(2026, 2, 1))


@given(st.lists(DAYS, max_size=30), st.sampled_from(["daily", "weekly", "monthly", "quarterly"]))
def test_no_entry_is_lost_or_counted_twice(days: list[date], frequency: str) -> None:
    entries = done(*map(str, days))
    slots = expected(replace(QUARTERLY, frequency=frequency), (), YEAR)

    found = year_of(slots, entries, today=TODAY)

    filling = [each.entry.number for each in found.windows if each.entry]
    assert sorted([*filling, *(each.entry.number for each in found.spare)]) == [
        each.number for each in entries
    ]


def test_a_plan_is_read_and_written() -> None:
    fields = PlanFields(date(2025, 2, 1), 10, 5, on_workdays=True, owner=4, reason="As agreed.")

    assert read_plan(plan_content(fields)) == (fields, [])
    assert read_plan({}) == (PlanFields(), [])


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"is_paused": "yes"}, "reason"),
        ({"grace_days": "91"}, "grace_days"),
        ({"first_due_on": "0001-01-01"}, "first_due_on"),
        ({"color": "red"}, "color"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said(content: dict[str, object], where: str) -> None:
    _, problems = read_plan(content)

    assert [each.where for each in problems] == [where]


def test_an_entry_is_read_and_written() -> None:
    fields = EntryFields(
        EntryKind.DONE, date(2025, 2, 1), 4, "Reviewed.", LinkedRegister.VENDOR, 12
    )

    assert read_entry(entry_content(fields), today=TODAY) == (fields, [])


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({}, "on"),
        ({"on": "2026-02-02"}, "on"),
        ({"on": "2026-01-02", "kind": "not done"}, "note"),
        ({"on": "2026-01-02", "linked": "vendor"}, "linked_number"),
        ({"on": "2026-01-02", "linked_number": 3}, "linked"),
        ({"on": "2026-01-02", "linked": "user", "linked_number": 3}, "linked"),
        ({"on": "2026-01-02", "by": "me"}, "by"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(content: dict[str, object], where: str) -> None:
    _, problems = read_entry(content, today=TODAY)

    assert {each.where for each in problems} == {where}


def test_a_late_day_of_the_last_window_lies_after_the_period() -> None:
    found = year(done("2026-01-07"))

    assert states(found)[-1] == "done late"
    assert found.windows[-1].days_late == 7
