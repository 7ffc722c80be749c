"""VUL-03.T1: packages were upgraded in every month of the period."""

from drawing import RunProcedure

PROCEDURE = "vulnerability/monthly-patch-cycle.sql"


def test_an_upgrade_in_every_month_passes(run_procedure: RunProcedure) -> None:
    """The last day of a month is in it."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_changes": """
                changed_at          | action
                --------------------+--------
                2025-01-31 23:59:59 | upgrade
                2025-02-01 00:00:00 | upgrade
                """,
        },
        period="2025-01-01..2025-02-28",
    )

    assert result.conclusion == "no exceptions"
    assert result.reasons["2025-01-01 to 2025-01-31"] == "1 upgrades, first on 2025-01-31"


def test_a_month_without_deviates_and_a_second_one_fills_no_hole(
    run_procedure: RunProcedure,
) -> None:
    """Installing something new is not upgrading."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_changes": """
                changed_at          | action
                --------------------+--------
                2025-01-05 10:00:00 | upgrade
                2025-01-25 10:00:00 | upgrade
                2025-02-10 10:00:00 | install
                2025-03-10 10:00:00 | upgrade
                """,
        },
        period="2025-01-01..2025-03-31",
    )

    assert result.outcomes == {
        "2025-01-01 to 2025-01-31": "pass",
        "2025-02-01 to 2025-02-28": "deviation",
        "2025-03-01 to 2025-03-31": "pass",
    }


def test_it_did_not_operate_in_a_period_without_half_a_month(run_procedure: RunProcedure) -> None:
    """Nothing was due."""
    result = run_procedure(
        PROCEDURE,
        {},
        period="2025-01-05..2025-01-10",
    )

    assert result.conclusion == "did not operate"


def test_a_log_that_begins_late_is_unable(run_procedure: RunProcedure) -> None:
    """The upgrade that was seen does not speak for January."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_changes": """
                changed_at          | action
                --------------------+--------
                2025-01-31 10:00:00 | upgrade
                """,
        },
        period="2025-01-01..2025-01-31",
        covers={"host.package_changes": "2025-01-20..2025-01-31"},
    )

    assert result.conclusion == "unable to test"
    assert "2025-01-01..2025-01-19" in result.reason


def test_a_month_before_the_log_begins_is_unable(run_procedure: RunProcedure) -> None:
    """A log that was rotated away says nothing of January; February began with it half over."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_changes": """
                changed_at          | action
                --------------------+--------
                2025-02-15 10:00:00 | install
                2025-03-10 10:00:00 | upgrade
                """,
        },
        period="2025-01-01..2025-03-31",
    )

    assert list(result.outcomes.values()) == ["unable", "unable", "pass"]
