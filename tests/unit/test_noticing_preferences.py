"""When somebody is told: not in quiet hours, by their own clock, through daylight saving."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reperform.noticing.notice import Kind
from reperform.noticing.preferences import (
    WEEKDAYS,
    Preferences,
    When,
    due_at,
    is_quiet,
    next_letter,
    preferences_content,
    quiet_until,
    read_preferences,
)

NIGHT = Preferences(zone="Europe/Berlin", quiet_from=time(22), quiet_until=time(7))
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_night_is_quiet_by_the_own_clock_in_summer_and_in_winter() -> None:
    """22:00 to 07:00 in Berlin: an hour earlier in UTC while it is summer."""
    for begin, end in (
        ("2026-07-01T20:00", "2026-07-02T05:00"),
        ("2026-12-01T21:00", "2026-12-02T06:00"),
    ):
        assert not is_quiet(NIGHT, utc(begin) - MINUTE)
        assert is_quiet(NIGHT, utc(begin))
        assert is_quiet(NIGHT, utc(end) - MINUTE)
        assert not is_quiet(NIGHT, utc(end))
        assert quiet_until(NIGHT, utc(begin)) == utc(end)


def test_the_nights_in_which_clocks_change_end_at_seven_all_the_same() -> None:
    """Berlin, 29 March 2026 forward and 25 October 2026 back."""
    assert quiet_until(NIGHT, utc("2026-03-28T22:00")) == utc("2026-03-29T05:00")
    assert quiet_until(NIGHT, utc("2026-10-24T21:00")) == utc("2026-10-25T06:00")


def test_a_time_that_the_day_does_not_have_comes_later_and_one_that_it_has_twice_comes_once() -> (
    None
):
    early = Preferences(zone="Europe/Berlin", digest_at=time(2, 30), when={Kind.LATE: When.DAILY})

    assert due_at(early, Kind.LATE, utc("2026-03-28T12:00")) == utc("2026-03-29T01:30")
    assert due_at(early, Kind.LATE, utc("2026-03-29T01:30")) == utc("2026-03-30T00:30")
    assert due_at(early, Kind.LATE, utc("2026-10-24T12:00")) == utc("2026-10-25T00:30")
    assert due_at(early, Kind.LATE, utc("2026-10-25T00:30")) == utc("2026-10-26T01:30")


def test_a_quiet_weekend_ends_on_monday_after_the_quiet_night() -> None:
    weekend = Preferences(
        zone="America/New_York",
        quiet_from=time(20),
        quiet_until=time(8),
        quiet_days=frozenset({5, 6}),
    )

    assert quiet_until(weekend, utc("2026-09-12T16:00")) == utc("2026-09-14T12:00")
    assert quiet_until(weekend, utc("2026-09-11T16:00")) == utc("2026-09-11T16:00")


def test_hours_within_a_day_are_quiet_too() -> None:
    lunch = Preferences(quiet_from=time(12), quiet_until=time(13))

    assert is_quiet(lunch, utc("2026-09-11T12:59"))
    assert not is_quiet(lunch, utc("2026-09-11T13:00"))
    assert quiet_until(lunch, utc("2026-09-11T12:30")) == utc("2026-09-11T13:00")


def test_a_digest_is_due_at_its_time_and_the_weekly_one_on_its_day() -> None:
    own = Preferences(digest_at=time(9), digest_day=WEEKDAYS.index("Friday"))

    assert due_at(own, Kind.SILENT, utc("2026-09-09T10:00")) == utc("2026-09-09T10:00")
    assert due_at(own, Kind.LATE, utc("2026-09-09T10:00")) == utc("2026-09-10T09:00")
    assert due_at(own, Kind.LATE, utc("2026-09-09T08:59")) == utc("2026-09-09T09:00")
    assert due_at(own, Kind.BETTER, utc("2026-09-09T10:00")) == utc("2026-09-11T09:00")
    never = Preferences(when={Kind.LATE: When.NEVER})
    assert due_at(never, Kind.LATE, utc("2026-09-09T10:00")) is None


def test_the_next_letter_waits_for_the_first_that_is_due_and_for_the_end_of_the_quiet() -> None:
    pending = [(Kind.LATE, utc("2026-09-09T20:30")), (Kind.SILENT, utc("2026-09-09T21:30"))]

    assert next_letter(NIGHT, pending) == utc("2026-09-10T05:00")
    assert next_letter(NIGHT, []) is None


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0, tzinfo=None))


@given(
    zone=ZONES,
    begin=st.none() | TIMES,
    end=TIMES,
    days=st.frozensets(st.integers(0, 6), max_size=6),
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - given a zone below
)
def test_what_is_quiet_always_ends_and_never_before_it_began(
    zone: str, begin: time | None, end: time, days: frozenset[int], at: datetime
) -> None:
    own = Preferences(
        zone=zone, quiet_from=begin, quiet_until=None if begin is None else end, quiet_days=days
    )
    if begin == end:
        return
    moment = at.replace(tzinfo=UTC)

    found = quiet_until(own, moment)

    assert moment <= found <= moment + timedelta(days=9)
    assert not is_quiet(own, found)


def test_what_is_read_is_what_was_written() -> None:
    own = Preferences(
        zone="Europe/Berlin",
        quiet_from=time(22),
        quiet_until=time(6, 30),
        quiet_days=frozenset({5, 6}),
        digest_at=time(7, 15),
        digest_day=4,
        when={**dict.fromkeys(Kind, When.WEEKLY), Kind.LATE: When.NEVER},
    )

    assert read_preferences(preferences_content(own)) == (own, [])
    found, problems = read_preferences({})
    assert problems == []
    assert preferences_content(found) == preferences_content(Preferences())


def test_what_cannot_be_is_named_by_its_field() -> None:
    for content, where in (
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"quiet_from": "22:00"}, "quiet_until"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "२२:00", "quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_days": list(WEEKDAYS)}, "quiet_days"),
        ({"quiet_days": ["Caturday"]}, "quiet_days"),
        ({"digest_day": "someday"}, "digest_day"),
        ({"when_late": "soon"}, "when_late"),
        ({"wehn_late": "daily"}, "wehn_late"),
    ):
        _, problems = read_preferences(content)
        assert where in [each.where for each in problems], content
