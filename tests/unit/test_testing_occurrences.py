"""When a periodic control was due, and what fills each time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.base.occurrences import (
    FREQUENCIES,
    UnknownFrequencyError,
    expected_occurrences,
)
from reperform.base.period import Period
from reperform.testing.occurrences import match_occurrences
from reperform.testing.outcome import Outcome

PERIODS = st.builds(
    lambda first, length: Period(first, first + timedelta(days=length)),
    st.dates(date(2023, 1, 1), date(2026, 1, 1)),
    st.integers(0, 500),
)
QUARTERS = expected_occurrences("quarterly", Period.parse("2025-01-01..2025-12-31"))


@pytest.mark.parametrize(
    ("frequency", "period", "due"),
    [
        ("daily", "2025-02-27..2025-03-01", ["2025-02-27", "2025-02-28", "2025-03-01"]),
        ("weekly", "2025-01-01..2025-01-15", ["2025-01-05", "2025-01-12"]),
        ("weekly", "2025-01-03..2025-01-16", ["2025-01-12", "2025-01-16"]),
        ("monthly", "2024-02-01..2024-03-31", ["2024-02-29", "2024-03-31"]),
        ("monthly", "2025-01-17..2025-02-13", []),
        ("monthly", "2025-01-16..2025-02-14", ["2025-01-31", "2025-02-14"]),
        ("quarterly", "2025-08-01..2026-01-31", ["2025-09-30", "2025-12-31"]),
        ("annual", "2025-08-01..2026-07-31", ["2026-07-31"]),
        ("annual", "2025-07-03..2025-12-31", []),
        ("annual", "2025-07-02..2025-12-31", ["2025-12-31"]),
    ],
)
def test_a_window_that_the_period_cuts_counts_from_half_of_its_days(
    frequency: str, period: str, due: list[str]
) -> None:
    """Of 31 days 16 are half and 15 are not; of 28 days 14 are and 13 are not."""
    found = expected_occurrences(frequency, Period.parse(period))

    assert [str(occurrence.due_on) for occurrence in found] == due


@given(st.sampled_from(FREQUENCIES), PERIODS)
def test_windows_lie_in_the_period_in_order_and_apart(frequency: str, period: Period) -> None:
    """Numbered from 1; none reaches out of the period or into another."""
    found = expected_occurrences(frequency, period)

    assert [o.number for o in found] == list(range(1, len(found) + 1))
    assert all(period.first <= o.first_on <= o.due_on <= period.last for o in found)
    assert all(a.due_on < b.first_on for a, b in pairwise(found))


def test_an_unknown_frequency_is_refused() -> None:
    """Without due dates a missing occurrence would not show."""
    with pytest.raises(UnknownFrequencyError, match="'fortnightly' is not a frequency"):
        expected_occurrences("fortnightly", Period.parse("2025-01-01..2025-12-31"))


def outcomes(*performed_on: str, grace_days: int = 10) -> list[str]:
    days = [date.fromisoformat(day) for day in performed_on]
    return [o.value for _, o, _ in match_occurrences(QUARTERS, days, grace_days=grace_days)]


@pytest.mark.parametrize(
    ("performed_on", "expected"),
    [
        (("2025-01-01", "2025-06-30", "2025-08-08", "2025-12-31"), "pass pass pass pass"),
        (("2025-01-01", "2025-06-30", "2025-12-31"), "pass pass deviation pass"),
        # Twice in the first quarter does not make up for the second.
        (("2025-01-01", "2025-03-31", "2025-09-01", "2025-12-31"), "pass deviation pass pass"),
        # Ten days late is within grace, eleven are not.
        (("2025-04-10", "2025-05-05", "2025-08-01", "2025-12-01"), "pass pass pass pass"),
        (("2025-04-11", "2025-05-05", "2025-08-01", "2025-12-01"), "deviation pass pass pass"),
        # The only one of the second quarter is its own.
        (("2025-04-05", "2025-08-01", "2025-12-01"), "deviation pass pass pass"),
        # After the last window there is no next one to belong to.
        (("2025-02-02", "2025-05-05", "2025-08-01", "2026-01-10"), "pass pass pass pass"),
        (("2025-02-02", "2025-05-05", "2025-08-01", "2026-01-11"), "pass pass pass deviation"),
        ((), "deviation deviation deviation deviation"),
    ],
)
def test_an_occurrence_takes_what_was_done_in_its_window_or_within_grace(
    performed_on: tuple[str, ...], expected: str
) -> None:
    """Drawn for four quarters and ten days of grace."""
    assert " ".join(outcomes(*performed_on)) == expected


@given(
    st.sampled_from(FREQUENCIES),
    PERIODS,
    st.lists(st.dates(date(2022, 12, 1), date(2027, 12, 31)), max_size=30),
    st.integers(0, 20),
)
def test_a_pass_has_evidence_of_its_own_in_time(
    frequency: str, period: Period, performed_on: list[date], grace_days: int
) -> None:
    """No performance fills two occurrences, and none passes without one in time."""
    occurrences = expected_occurrences(frequency, period)

    matched = match_occurrences(occurrences, performed_on, grace_days=grace_days)

    taken = [day for _, _, day in matched if day is not None]
    assert [occurrence for occurrence, _, _ in matched] == list(occurrences)
    assert all(taken.count(day) <= performed_on.count(day) for day in taken)
    for occurrence, outcome, day in matched:
        latest = occurrence.due_on + timedelta(days=grace_days)
        in_time = day is not None and occurrence.first_on <= day <= latest
        assert (outcome is Outcome.PASS) == in_time
        within = [d for d in performed_on if occurrence.first_on <= d <= occurrence.due_on]
        assert outcome is Outcome.PASS or not within


@given(st.lists(st.dates(date(2025, 1, 1), date(2026, 2, 1)), max_size=12), st.integers(0, 20))
def test_the_order_in_which_evidence_is_given_does_not_matter(
    performed_on: list[date], grace_days: int
) -> None:
    """A set of days has one answer."""
    forward = match_occurrences(QUARTERS, performed_on, grace_days=grace_days)

    assert match_occurrences(QUARTERS, performed_on[::-1], grace_days=grace_days) == forward
