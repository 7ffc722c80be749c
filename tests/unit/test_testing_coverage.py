"""Days of the period without evidence: found by arithmetic, compared with counting days."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.testing.coverage import gaps

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
DAYS = st.dates(date(2024, 12, 20), date(2025, 2, 10))
COVERS = st.builds(Cover, st.none() | DAYS, st.none() | DAYS)
SOURCES = st.lists(
    st.builds(
        Cover,
        st.none() | DAYS,
        st.none() | DAYS,
        of=st.sampled_from("abc"),
        is_whole=st.booleans(),
    ),
    max_size=6,
)


def spans(*covers: Cover, period: Period = YEAR) -> list[str]:
    return [f"{gap.first}..{gap.last}" for gap in gaps("t.t", period, covers)]


@given(st.lists(COVERS, max_size=5), DAYS, st.integers(0, 50))
def test_gaps_are_the_days_that_no_cover_reaches(
    covers: list[Cover], first: date, length: int
) -> None:
    """Whatever the covers: overlapping, nested, open, reversed, outside."""
    period = Period(first, first + timedelta(days=length))
    counted = {
        day
        for day in period.days()
        if not any(
            cover.last is not None and (cover.first or date.min) <= day <= cover.last
            for cover in covers
        )
    }

    found = gaps("t.t", period, covers)

    days = [day for gap in found for day in Period(gap.first, gap.last).days()]
    assert days == sorted(counted)
    assert all(a.last + timedelta(days=1) < b.first for a, b in pairwise(found))


def reached(covers: list[Cover], day: date) -> bool:
    return any(c.last is not None and (c.first or date.min) <= day <= c.last for c in covers)


@given(SOURCES, DAYS, st.integers(0, 50))
def test_where_several_sources_fill_a_table_each_must_reach_every_day(
    covers: list[Cover], first: date, length: int
) -> None:
    """A day that one of them lacks is a gap; whether another saw it is said."""
    period = Period(first, first + timedelta(days=length))
    own = {of: [cover for cover in covers if cover.of == of] for of in {c.of for c in covers}}
    whole = {of: [cover for cover in its if cover.is_whole] for of, its in own.items()}
    lacking = {
        day: [of for of, its in whole.items() if not reached(its, day)] for day in period.days()
    }
    partly = [cover for cover in covers if not cover.is_whole]

    found = gaps("t.t", period, covers)

    days = {day: gap for gap in found for day in Period(gap.first, gap.last).days()}
    if own:
        assert sorted(days) == [day for day in period.days() if lacking[day]]
        assert all(
            gap.also_seen == (len(lacking[day]) < len(own) or reached(partly, day))
            for day, gap in days.items()
        )
    assert len(days) == sum(gap.days for gap in found)


def test_a_gap_of_one_source_among_several_says_whose_days_lack() -> None:
    """With its own reason."""
    (gap,) = gaps(
        "t.t",
        YEAR,
        [
            Cover(None, YEAR.last, of="aws/cloudtrail 1"),
            Cover(None, None, "the trail was stopped", of="aws/cloudtrail 2"),
        ],
    )

    assert (gap.days, gap.also_seen) == (365, True)
    assert gap.reason == "aws/cloudtrail 2: the trail was stopped"


def test_days_of_which_only_some_rows_are_there_are_a_gap_that_was_seen() -> None:
    """So that nothing passes by them, and no deviation among them is hidden."""
    some = Cover(date(2025, 3, 1), date(2025, 3, 31), "2 files are truncated", is_whole=False)

    found = gaps("t.t", YEAR, [some])

    assert [(gap.days, gap.also_seen) for gap in found] == [(59, False), (31, True), (275, False)]
    assert {gap.reason for gap in found} == {"2 files are truncated"}


def test_two_collections_that_touch_leave_no_gap() -> None:
    """The day after the first one's last is the second one's first."""
    january = Cover(None, date(2025, 1, 31))
    rest = Cover(date(2025, 2, 1), date(2026, 5, 5))

    assert spans(rest, january) == []


def test_a_cover_to_the_end_of_time_is_a_cover() -> None:
    """There is no day after the last day of the calendar."""
    assert spans(Cover(date(2025, 3, 1), date.max)) == ["2025-01-01..2025-02-28"]


def test_a_collection_that_vouches_for_no_day_covers_none_and_says_why() -> None:
    """Refused is not empty."""
    (gap,) = gaps("t.t", YEAR, [Cover(None, None, "permission denied: /var/log/wtmp")])

    assert (gap.days, gap.reason) == (365, "permission denied: /var/log/wtmp")


def test_nothing_collected_is_said() -> None:
    """Without any cover the whole period is a gap."""
    (gap,) = gaps("t.t", YEAR, [])

    assert (gap.first, gap.last, gap.reason) == (YEAR.first, YEAR.last, "nothing was collected")


def test_a_cover_that_falls_short_says_so_in_words() -> None:
    """A day of state says nothing of the days before and after."""
    found = gaps("t.t", YEAR, [Cover(date(2025, 6, 1), date(2025, 6, 1))])

    assert [gap.days for gap in found] == [151, 213]
    assert {gap.reason for gap in found} == {
        "the evidence that was collected does not reach these days"
    }
