"""From outcomes to a conclusion: every combination, once."""

from datetime import date
from itertools import product

import pytest

from reperform.base.period import Period
from reperform.testing.conclusion import Counts, conclude
from reperform.testing.outcome import Conclusion, Gap

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
GAP = Gap("git.branch_moves", date(2025, 8, 1), date(2025, 8, 26), "the reflog was pruned")

MISSING, DEVIATES, GAPS, PASSES, UNABLE = range(5)
CASES = tuple(product((False, True), repeat=5))


def expected(case: tuple[bool, ...]) -> Conclusion:
    """Say the rule in another way than the code: what forbids each better conclusion."""
    if case[MISSING]:
        return Conclusion.UNABLE
    if case[DEVIATES]:
        return Conclusion.EXCEPTIONS
    if case[GAPS]:
        return Conclusion.UNABLE
    if not (case[PASSES] or case[UNABLE]):
        return Conclusion.DID_NOT_OPERATE
    return Conclusion.UNABLE if case[UNABLE] else Conclusion.NO_EXCEPTIONS


def concluded(case: tuple[bool, ...]) -> tuple[Conclusion, str]:
    passed, deviations, unable = 5 * case[PASSES], 2 * case[DEVIATES], 3 * case[UNABLE]
    return conclude(
        Counts(passed + deviations + unable, passed, deviations, unable),
        missing=["host.sudoers could not be collected: permission denied"] if case[MISSING] else [],
        gaps=[GAP] if case[GAPS] else [],
        period=YEAR,
        why="c9: no approval is in the evidence",
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_conclusion_follows_from_the_first_rule_that_holds(case: tuple[bool, ...]) -> None:
    """Missing, deviation, gap, nothing, unable, in this order: 32 combinations."""
    assert concluded(case)[0] is expected(case)


def test_only_a_population_that_passed_in_whole_over_the_whole_period_has_no_exceptions() -> None:
    """Of 32 combinations one says so."""
    clean = [case for case in CASES if concluded(case)[0] is Conclusion.NO_EXCEPTIONS]

    assert clean == [(False, False, False, True, False)]


def test_a_missing_table_is_named() -> None:
    """Unable, and because of what."""
    said = "host.sudoers could not be collected: permission denied"

    assert concluded((True, True, True, True, True)) == (Conclusion.UNABLE, said)


def test_a_gap_is_said_with_its_days() -> None:
    """First, last, how many of how many, and why."""
    assert concluded((False, False, True, True, False))[1] == (
        "git.branch_moves has no evidence for 2025-08-01..2025-08-26 (26 of 365 days): "
        "the reflog was pruned; of 5 items seen 5 pass"
    )


def test_exceptions_say_what_else_is_not_known() -> None:
    """A deviation hides neither the items that could not be tested nor the gap."""
    said = concluded((False, True, True, True, True))[1]

    assert said.startswith("2 of 10 items deviate; 3 could not be tested; git.branch_moves has no ")


def test_items_that_could_not_be_tested_are_counted_and_the_first_is_said() -> None:
    """As in the contract: how many of how many, and why."""
    said = "3 of 8 items could not be tested; c9: no approval is in the evidence"

    assert concluded((False, False, False, True, True)) == (Conclusion.UNABLE, said)


def test_an_empty_population_is_said_with_its_period() -> None:
    """Did not operate, never passed."""
    said = (Conclusion.DID_NOT_OPERATE, "the population is empty for 2025-01-01..2025-12-31")

    assert concluded((False,) * 5) == said


def test_a_clean_population_is_counted() -> None:
    """Numbers in thousands are grouped."""
    counts = Counts(20_000, 20_000, 0, 0)

    said = conclude(counts, missing=[], gaps=[], period=YEAR)

    assert said == (Conclusion.NO_EXCEPTIONS, "all 20,000 items pass")


def test_a_deviation_seen_on_a_day_outside_the_period_is_no_exception_of_it() -> None:
    """A host looked at after the period says nothing of the period; what was seen is said."""
    whole = Gap("host.disks", YEAR.first, YEAR.last, "seen on 2026-03-01 only")

    conclusion, said = conclude(Counts(1, 0, 1, 0), missing=[], gaps=[whole], period=YEAR)

    assert conclusion is Conclusion.UNABLE
    assert said.endswith("of 1 item seen 0 pass, 1 deviates")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Counts(2, 2, 0, 0), Conclusion.UNABLE),
        (Counts(2, 1, 1, 0), Conclusion.EXCEPTIONS),
        (Counts(0, 0, 0, 0), Conclusion.UNABLE),
    ],
)
def test_what_was_refused_beside_what_was_collected_never_passes(
    counts: Counts, expected: Conclusion
) -> None:
    """One endpoint of two did not answer: the other's deviation stands, its pass is not enough."""
    partly = ["tls.endpoints lacks what was refused: b:443 did not answer"]

    conclusion, said = conclude(counts, missing=[], gaps=[], partly=partly, period=YEAR)

    assert conclusion is expected
    assert "b:443 did not answer" in said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(1, 1, 0, 0), "the only item passes"),
        (Counts(1, 0, 1, 0), "1 of 1 item deviates"),
        (Counts(3, 2, 1, 0), "1 of 3 items deviates"),
        (Counts(1, 0, 0, 1), "1 of 1 item could not be tested"),
    ],
)
def test_one_item_is_said_in_the_singular(counts: Counts, said: str) -> None:
    """The reason stands in a report as it is."""
    assert conclude(counts, missing=[], gaps=[], period=YEAR)[1] == said


def test_a_deviation_that_one_source_shows_is_not_hidden_by_another_that_saw_nothing() -> None:
    """The days were seen: by the source that shows it."""
    gap = Gap("population.sign_ins", YEAR.first, YEAR.last, "github: denied", also_seen=True)

    said, reason = conclude(Counts(3, 2, 1, 0), missing=[], gaps=[gap], period=YEAR)

    assert said is Conclusion.EXCEPTIONS
    assert "1 of 3 items deviates" in reason
    assert "github: denied" in reason
