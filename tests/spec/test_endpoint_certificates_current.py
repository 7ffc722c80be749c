"""CRY-02.T1: certificates of endpoints have at least 14 days left."""

from drawing import RunProcedure

PROCEDURE = "encryption/endpoint-certificates-current.sql"


def test_fourteen_days_left_pass(run_procedure: RunProcedure) -> None:
    """Exactly fourteen too."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | observed_at         | not_before          | not_after
                ---------+---------------------+---------------------+--------------------
                x:443    | 2025-06-30 12:00:00 | 2025-01-01 00:00:00 | 2025-07-14 00:00:00
                """,
        },
    )

    assert result.outcomes == {"x:443": "pass"}


def test_thirteen_days_left_deviate(run_procedure: RunProcedure) -> None:
    """So do an expired one and one that is not valid yet."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | observed_at         | not_before          | not_after
                ---------+---------------------+---------------------+--------------------
                x:443    | 2025-06-30 12:00:00 | 2025-01-01 00:00:00 | 2025-07-13 23:59:59
                y:443    | 2025-06-30 12:00:00 | 2025-01-01 00:00:00 | 2025-06-29 00:00:00
                z:443    | 2025-06-30 12:00:00 | 2025-07-01 00:00:00 | 2026-07-01 00:00:00
                """,
        },
    )

    assert set(result.outcomes.values()) == {"deviation"}


def test_a_certificate_without_dates_is_unable(run_procedure: RunProcedure) -> None:
    """It could not be read."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | observed_at         | not_before          | not_after
                ---------+---------------------+---------------------+--------------------
                x:443    | 2025-06-30 12:00:00 | - | -
                """,
        },
    )

    assert result.outcomes == {"x:443": "unable"}


def test_it_did_not_operate_without_endpoints(run_procedure: RunProcedure) -> None:
    """Nobody named one."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
