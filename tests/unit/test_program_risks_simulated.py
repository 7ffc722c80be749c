"""Risks in numbers: the simulation against closed forms, its seeds and its bounds."""

import time
import tracemalloc
from math import exp, sqrt

import numpy as np
import pytest

from reperform.program.risks.ranges import Lognormal, Ranges, ranges_of
from reperform.program.risks.simulate import (
    MOST_DRAWS,
    YEARS,
    seed_of,
    simulate,
    yearly_losses,
)

OUTAGE = Ranges(50, 200, 10_000, 40_000)
BREACH = Ranges(2, 20, 100_000, 2_000_000)


def test_the_ends_of_a_range_are_the_5th_and_95th_percentile() -> None:
    drawn = np.random.default_rng(1).lognormal(
        Lognormal.within(5, 80).mu, Lognormal.within(5, 80).sigma, 400_000
    )
    assert (drawn < 5).mean() == pytest.approx(0.05, abs=0.002)
    assert (drawn > 80).mean() == pytest.approx(0.05, abs=0.002)


def test_the_closed_form_is_that_of_textbooks() -> None:
    """Median 100, so mu = ln 100; sigma = ln 10 / 1.6449 for a range of 10 to 1,000."""
    found = Lognormal.within(10, 1000)
    sigma = np.log(10) / 1.6448536269514722
    assert found.mean == pytest.approx(100 * exp(sigma**2 / 2))
    assert found.variance == pytest.approx((exp(sigma**2) - 1) * found.mean**2)


@pytest.mark.parametrize("ranges", [OUTAGE, BREACH, Ranges(1, 2, 50, 60), Ranges(900, 1100, 5, 9)])
def test_the_mean_is_the_closed_form_within_four_standard_errors(ranges: Ranges) -> None:
    years = yearly_losses(7, ranges)
    error = ranges.deviation / sqrt(YEARS)
    assert abs(years.mean() - ranges.expected) < 4 * error
    assert error < 0.09 * ranges.expected


def test_the_variance_is_the_closed_form_of_a_compound_poisson_sum() -> None:
    """Narrow ranges, where a sample's variance says something."""
    years = yearly_losses(3, Ranges(400, 500, 100, 200))
    assert years.std() == pytest.approx(Ranges(400, 500, 100, 200).deviation, rel=0.03)


def test_a_year_without_an_event_costs_nothing_as_often_as_poisson_says() -> None:
    """With a rate that is known as well as exactly, the share of such years is e to minus it."""
    years = yearly_losses(1, Ranges(99, 101, 10, 20))
    assert (years == 0).mean() == pytest.approx(exp(-1), abs=0.015)


def test_the_same_ranges_give_the_same_years_and_others_do_not() -> None:
    assert (yearly_losses(1, OUTAGE) == yearly_losses(1, OUTAGE)).all()
    assert (yearly_losses(1, OUTAGE) != yearly_losses(2, OUTAGE)).any()
    assert len({seed_of(1, OUTAGE), seed_of(2, OUTAGE), seed_of(1, BREACH)}) == 3


def test_one_more_risk_changes_no_other_and_adds_its_mean_to_the_whole() -> None:
    alone, both = simulate([(1, OUTAGE)]), simulate([(2, BREACH), (1, OUTAGE)])
    assert alone.risks[0] in both.risks
    assert both.total is not None
    assert both.total.mean == pytest.approx(sum(each.figures.mean for each in both.risks), abs=2)
    assert [each.number for each in both.risks] == [2, 1], "the most expensive first"


def test_percentiles_are_those_of_the_drawn_years() -> None:
    (found,) = simulate([(1, OUTAGE)]).risks
    years = np.sort(yearly_losses(1, OUTAGE))
    figures = found.figures
    assert figures.p50 == round(float(years[YEARS // 2 - 1]))
    assert figures.p99 == round(float(years[YEARS * 99 // 100 - 1]))
    assert figures.p50 <= figures.p90 <= figures.p95 <= figures.p99
    assert figures.any_loss == (years > 0).mean()


def test_the_curve_falls_and_agrees_with_the_percentiles() -> None:
    found = simulate([(1, OUTAGE), (2, BREACH)])
    assert found.total is not None
    shares = [point.share for point in found.curve]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0
    above = max(point.share for point in found.curve if point.loss >= found.total.p95)
    below = min(point.share for point in found.curve if point.loss <= found.total.p95)
    assert above <= 0.05 <= below


def test_a_range_with_an_end_that_nobody_said_is_none_and_not_zero() -> None:
    assert ranges_of(1, 2, 3, None) is None
    assert ranges_of(1, 2, 3, 4) == Ranges(1, 2, 3, 4)


def test_a_register_without_ranges_has_no_total() -> None:
    assert simulate([]).total is None


def test_what_would_take_too_long_is_left_out_by_number() -> None:
    often = Ranges(900_000, 1_000_000, 1, 2)
    assert often.rate.mean * YEARS > MOST_DRAWS
    found = simulate([(1, OUTAGE), (2, often)])
    assert found.left_out == (2,)
    assert [each.number for each in found.risks] == [1]


def test_ten_thousand_risks_with_the_widest_ranges_stay_within_memory() -> None:
    """The numbers drawn are bounded before they are drawn; 10,000 risks would be 200 million."""
    many = [(number, Ranges(1, 5_000, 1, 10**9)) for number in range(1, 10_001)]
    tracemalloc.start()
    begun = time.process_time()
    found = simulate(many)
    spent = time.process_time() - begun
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.risks) + len(found.left_out) == 10_000
    assert found.left_out
    assert most < 60_000_000
    assert spent < 30, "a bound that only a runaway breaks"
