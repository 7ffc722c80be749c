"""When something runs by itself, over weeks, months and changed clocks."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.evidence.schedule import (
    Every,
    Schedule,
    Weekday,
    moments,
    read_schedule,
    schedule_content,
)

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
SCHEDULES = st.builds(
    Schedule,
    every=st.sampled_from(Every),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    weekday=st.sampled_from(Weekday),
    day=st.integers(1, 28),
    zone=st.sampled_from(ZONES),
)
STARTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is the argument beside it
    datetime(2028, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
LONGEST = {
    Every.HOUR: timedelta(hours=1),
    Every.DAY: timedelta(hours=26),  # a day of changed clocks, and a gap in it
    Every.WEEK: timedelta(days=7, hours=2),
    Every.MONTH: timedelta(days=31, hours=2),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_weekly_run_keeps_its_time_of_day_when_clocks_change() -> None:
    schedule = Schedule(Every.WEEK, hour=9, weekday=Weekday.SUNDAY, zone="Europe/Berlin")
    found = list(moments(schedule, at("2026-10-17"), at("2026-11-02")))
    assert found == [at("2026-10-18 07:00"), at("2026-10-25 08:00"), at("2026-11-01 08:00")]


def test_a_time_that_comes_twice_runs_once() -> None:
    schedule = Schedule(Every.DAY, hour=1, minute=30, zone="America/New_York")
    found = list(moments(schedule, at("2026-11-01 00:00"), at("2026-11-02 00:00")))
    assert found == [at("2026-11-01 05:30")]


def test_a_monthly_run_comes_in_each_month() -> None:
    schedule = Schedule(Every.MONTH, hour=6, day=28)
    found = [m.month for m in moments(schedule, at("2026-01-01"), at("2026-12-31"))]
    assert found == list(range(1, 13))


def test_the_first_bound_is_left_out_and_the_last_is_taken() -> None:
    """So that asking from the last run on never gives that run again."""
    schedule = Schedule(Every.HOUR, minute=7)
    found = list(moments(schedule, at("2026-05-01 10:07"), at("2026-05-01 12:07")))
    assert found == [at("2026-05-01 11:07"), at("2026-05-01 12:07")]


@given(SCHEDULES, STARTS, st.integers(0, 60))
def test_moments_follow_each_other_without_a_hole(
    schedule: Schedule, start: datetime, days: int
) -> None:
    found = list(moments(schedule, start, start + timedelta(days=days)))
    steps = [after - before for before, after in pairwise(found)]
    assert all(timedelta() < step <= LONGEST[schedule.every] for step in steps)
    assert all(start < moment <= start + timedelta(days=days) for moment in found)


@given(SCHEDULES, STARTS, st.integers(0, 40), st.integers(0, 40))
def test_two_stretches_give_the_moments_of_the_whole(
    schedule: Schedule, start: datetime, first: int, second: int
) -> None:
    """A worker that looks often misses nothing, and takes nothing twice."""
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    apart = [*moments(schedule, start, middle), *moments(schedule, middle, end)]
    assert apart == list(moments(schedule, start, end))


@given(SCHEDULES)
def test_what_is_written_is_read_back(schedule: Schedule) -> None:
    assert read_schedule(schedule_content(schedule)) == (schedule, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("every", "fortnight"),
        ("hour", 24),
        ("minute", "60"),
        ("weekday", "someday"),
        ("day", 31),
        ("zone", "Europe/Atlantis"),
        ("zone", "../../etc/passwd"),
        ("cron", "* * * * *"),
    ],
)
def test_what_cannot_be_read_is_named(field: str, value: object) -> None:
    _, problems = read_schedule({field: value})
    assert [problem.where for problem in problems] == [field]
