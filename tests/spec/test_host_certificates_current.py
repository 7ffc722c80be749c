"""CRY-02.T2: certificate files have at least 14 days left."""

from drawing import RunProcedure

PROCEDURE = "encryption/host-certificates-current.sql"


def test_fourteen_days_left_pass(run_procedure: RunProcedure) -> None:
    """Two certificates of one file are two items."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.certificates": """
                path  | evidence_at | observed_at         | subject | not_before          | not_after
                ------+-------------+---------------------+---------+---------------------+--------------------
                /a.pem | 0 | 2025-06-30 12:00:00 | CN=a | 2025-01-01 00:00:00 | 2025-07-14 00:00:00
                /a.pem | 900 | 2025-06-30 12:00:00 | CN=b | 2025-01-01 00:00:00 | 2026-07-14 00:00:00
                """,
        },
    )

    assert result.outcomes == {"/a.pem at byte 0": "pass", "/a.pem at byte 900": "pass"}


def test_fewer_days_deviate(run_procedure: RunProcedure) -> None:
    """Thirteen, expired, not yet valid."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.certificates": """
                path  | evidence_at | observed_at         | subject | not_before          | not_after
                ------+-------------+---------------------+---------+---------------------+--------------------
                /a.pem | 0 | 2025-06-30 12:00:00 | CN=a | 2025-01-01 00:00:00 | 2025-07-13 00:00:00
                /b.pem | 0 | 2025-06-30 12:00:00 | CN=b | 2024-01-01 00:00:00 | 2025-01-01 00:00:00
                /c.pem | 0 | 2025-06-30 12:00:00 | CN=c | 2025-08-01 00:00:00 | 2026-01-01 00:00:00
                """,
        },
    )

    assert set(result.outcomes.values()) == {"deviation"}


def test_one_that_could_not_be_read_is_unable(run_procedure: RunProcedure) -> None:
    """No dates, no verdict."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.certificates": """
                path  | evidence_at | observed_at         | subject | not_before          | not_after
                ------+-------------+---------------------+---------+---------------------+--------------------
                /a.pem | 0 | 2025-06-30 12:00:00 | - | - | -
                """,
        },
    )

    assert result.outcomes == {"/a.pem at byte 0": "unable"}


def test_it_did_not_operate_without_certificates(run_procedure: RunProcedure) -> None:
    """None in the usual folders."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
