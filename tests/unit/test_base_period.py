"""The period: whole days, both ends included, never reversed, never in the future."""

from datetime import date

import pytest

from reperform.base.period import (
    Period,
    PeriodInFutureError,
    PeriodMalformedError,
    PeriodReversedError,
    PeriodTooLongError,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-08-01",
        "2025-08-01..",
        "2025-08-01...2026-07-31",
        "2025-02-29..2026-01-01",
        "2025-13-01..2026-01-01",
        "01.08.2025..31.07.2026",
        "2025-08-01..2026-07-31\n",
        "\u0662\u0660\u0662\u0665-01-01..2026-01-01",
        "2025-08-01..2026-07-31; rm -rf /",
    ],
)
def test_a_text_that_does_not_name_two_days_is_refused(text: str) -> None:
    """The refusal names the text and shows the form."""
    with pytest.raises(PeriodMalformedError) as refused:
        Period.parse(text)

    assert repr(text) in str(refused.value)
    assert "2025-08-01..2026-07-31" in str(refused.value)


def test_a_reversed_period_is_refused_with_the_days_swapped() -> None:
    """The refusal offers the period that was probably meant."""
    with pytest.raises(PeriodReversedError, match="ends 2025-08-01") as refused:
        Period.parse("2026-07-31..2025-08-01")

    assert "2025-08-01..2026-07-31" in str(refused.value)


def test_a_period_that_ends_tomorrow_is_refused_and_one_that_ends_today_is_not() -> None:
    """What has not happened would look like days without deviations."""
    today = date(2026, 7, 31)

    Period.parse("2026-07-01..2026-07-31").refuse_future(today)

    with pytest.raises(PeriodInFutureError, match="today is 2026-07-31"):
        Period.parse("2026-07-01..2026-08-01").refuse_future(today)


def test_a_period_holds_both_its_ends() -> None:
    """The length counts both; so does membership."""
    leap = Period.parse("2024-02-28..2024-03-01")

    assert len(leap) == 3
    assert list(leap.days()) == [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
    assert date(2024, 2, 28) in leap
    assert date(2024, 3, 2) not in leap


def test_centuries_are_refused_and_five_years_are_not() -> None:
    """A first digit gone wrong would ask for evidence of 740,000 days."""
    assert len(Period.parse("2021-08-01..2026-07-31")) == 1826

    with pytest.raises(PeriodTooLongError, match="is 365,973 days"):
        Period.parse("1024-08-01..2026-07-31")
