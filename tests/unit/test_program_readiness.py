"""Readiness over time: recorded days only, at their place in time."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reperform.program.gap.readiness import HEIGHT, WIDTH, chart_of, readiness_days


def content(met: int, partly: int = 0, not_met: int = 0) -> Mapping[str, Any]:
    return {
        "counts": {"met": met, "partly met": partly, "not met": not_met},
        "open_tasks": 0,
        "late_tasks": 0,
        "scope_version": 1,
        "examination": None,
    }


def test_a_hole_is_counted_in_days_and_nothing_is_put_in_it() -> None:
    """1, 2 and 10 August: seven days are missing before the last."""
    days = readiness_days([(date(2026, 8, day), content(1)) for day in (10, 1, 2)])

    assert [(day.on.day, day.days_before) for day in days] == [(1, 0), (2, 0), (10, 7)]
    chart = chart_of(days)
    assert chart
    places = sorted({bar.x for bar in chart.bars})
    assert len(places) == 3
    assert (places[2] - places[1]) > 7 * (places[1] - places[0])


def test_without_a_day_there_is_no_chart() -> None:
    assert chart_of([]) is None


@given(
    st.dictionaries(
        st.integers(0, 800),
        st.tuples(st.integers(0, 61), st.integers(0, 61), st.integers(0, 61)),
        min_size=1,
        max_size=40,
    )
)
def test_every_bar_is_in_the_picture_and_as_high_as_its_count(
    drawn: dict[int, tuple[int, int, int]],
) -> None:
    """Heights are in proportion, whatever the days and the counts."""
    start = date(2026, 1, 1)
    days = readiness_days(
        [(start + timedelta(days=at), content(*counts)) for at, counts in drawn.items()]
    )

    chart = chart_of(days)

    assert chart
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH + 0.2
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    assert len(chart.bars) == sum(count > 0 for counts in drawn.values() for count in counts)
