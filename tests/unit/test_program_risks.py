"""Risks as values: scales, fields and judgments are read whole, or refused with what is wrong."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.program.risks.assessment import read_assessment
from reperform.program.risks.risk import Treatment, read_risk, risk_content
from reperform.program.risks.scales import Rating, first_scales, read_scales, scales_content

TODAY = date(2026, 8, 1)
RISK = {"title": "A leaver keeps access", "controls": ["AC-01"], "criteria": ["CC6.3", "CC3.2"]}
JUDGMENT = {
    "inherent_likelihood": 4,
    "inherent_impact": "4",
    "residual_likelihood": 2,
    "residual_impact": 4,
    "reason": "Access ends with the account.",
}


def wrong(content: Mapping[str, Any]) -> list[str]:
    return [each.where for each in read_risk(content, today=TODAY, controls={"AC-01"})[1]]


def test_a_risk_reads_back_as_it_was_written() -> None:
    """Criteria come in the standard's order."""
    fields, problems = read_risk(RISK, today=TODAY, controls={"AC-01"})

    assert not problems
    assert fields.criteria == ("CC3.2", "CC6.3")
    assert read_risk(risk_content(fields), today=TODAY, controls={"AC-01"}) == (fields, [])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": " "}, "title"),
        ({"controls": ["AC-99"]}, "controls"),
        ({"criteria": ["CC99.1"]}, "criteria"),
        ({"category": "weather"}, "category"),
        ({"cycle_months": 13}, "cycle_months"),
        ({"treatment": "mitigate"}, "treatment_reason"),
        ({"treatment": "accept", "treatment_reason": "x", "accepted_by": 1}, "accepted_until"),
        (
            {"treatment": "accept", "treatment_reason": "x", "accepted_until": "2026-12-31"},
            "accepted_by",
        ),
        ({"accepted_by": 1}, "treatment"),
        ({"state": "closed"}, "closed_because"),
        (
            {"state": "closed", "closed_because": "x", "closed_on": "2026-08-02"},
            "closed_on",
        ),
        ({"frequency_low": 1}, "frequency_high"),
        ({"loss_low": 10, "loss_high": 10}, "loss_high"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_a_risk_cannot_say_is_named(change: dict[str, Any], where: str) -> None:
    """The field that has to be put right."""
    assert wrong({**RISK, **change}) == [where]


def test_the_first_scales_read_back_as_they_are() -> None:
    """The library's own file."""
    scales = first_scales()

    assert read_scales(scales_content(scales)) == (scales, [])
    assert scales.rating(5, 5) is Rating.CRITICAL
    assert scales.rating(1, 1) is Rating.LOW


@pytest.mark.parametrize("pair", [(0, 1), (1, 0), (6, 1), (1, 6), (-1, 1)])
def test_a_level_that_does_not_exist_has_no_rating(pair: tuple[int, int]) -> None:
    """Python would count from the end."""
    with pytest.raises(IndexError):
        first_scales().rating(*pair)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))
def test_a_rating_never_falls_when_likelihood_or_impact_rises(
    likelihood: int, more_likely: int, impact: int, more_impact: int
) -> None:
    """On the scales that every organization begins with."""
    scales = first_scales()
    worse = scales.rating(max(likelihood, more_likely), max(impact, more_impact))

    assert worse.order >= scales.rating(likelihood, impact).order


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"likelihood": []}, "likelihood"),
        ({"likelihood": [{"name": "one", "meaning": "x"}] * 5}, "likelihood"),
        ({"impact": "severe"}, "impact"),
        ({"matrix": [["low"] * 5] * 4}, "matrix"),
        ({"matrix": [["low", "high", "low", "low", "low"]] * 5}, "matrix"),
        ({"matrix": [["severe"] * 5] * 5}, "matrix"),
        ({"matrix": [[1] * 5] * 5}, "matrix"),
        ({"appetite": "none"}, "appetite"),
        ({"more": 1}, "more"),
    ],
)
def test_scales_that_cannot_rate_are_refused(change: dict[str, Any], where: str) -> None:
    """Too few levels, two of one name, a matrix that does not fit or falls."""
    _, problems = read_scales({**scales_content(first_scales()), **change})

    assert where in [each.where for each in problems]


def judgment_wrong(change: Mapping[str, Any]) -> list[str]:
    _, problems = read_assessment({**JUDGMENT, **change}, scales=first_scales(), today=TODAY)
    return [each.where for each in problems]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"inherent_likelihood": ""}, "inherent_likelihood"),
        ({"inherent_impact": 6}, "inherent_impact"),
        ({"residual_likelihood": 5}, "residual_likelihood"),
        ({"reason": ""}, "reason"),
        ({"on": "2026-08-02"}, "on"),
        ({"score": 9}, "score"),
    ],
)
def test_what_a_judgment_cannot_say_is_named(change: dict[str, Any], where: str) -> None:
    """No level is guessed, controls make nothing worse, and what lowers a risk is said."""
    assert judgment_wrong(change) == [where]


def test_a_judgment_that_lowers_nothing_needs_no_reason() -> None:
    """The levels are the same without and with controls."""
    assert judgment_wrong({"residual_likelihood": 4, "reason": ""}) == []


def test_only_what_is_above_the_appetite_needs_somebody() -> None:
    """And where the appetite lies is the organization's."""
    scales = first_scales()

    assert [scales.exceeds_appetite(each) for each in Rating] == [False, False, True, True]
    lower = replace(scales, appetite=Rating.LOW)
    assert [lower.exceeds_appetite(each) for each in Rating] == [False, True, True, True]


def test_every_treatment_but_none_needs_a_reason() -> None:
    """`not decided` is a state of its own, and no treatment."""
    needing = [
        each for each in Treatment if "treatment_reason" in wrong({**RISK, "treatment": each.value})
    ]

    assert needing == [each for each in Treatment if each is not Treatment.UNDECIDED]
