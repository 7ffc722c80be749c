"""LOG-04.T1: login records reach back to the beginning of the period."""

from drawing import RunProcedure

PROCEDURE = "logging/login-records-kept.sql"


def test_records_from_the_first_day_pass(run_procedure: RunProcedure) -> None:
    """The first day itself is enough."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | login_records_from | last_login_known
                --------+--------------------+-----------------
                root    | 2025-01-01         | true
                """,
        },
    )

    assert result.outcomes == {"login records": "pass"}


def test_records_that_begin_later_deviate(run_procedure: RunProcedure) -> None:
    """One day is a hole."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | login_records_from | last_login_known
                --------+--------------------+-----------------
                root    | 2025-01-02         | true
                """,
        },
    )

    assert result.outcomes == {"login records": "deviation"}
    assert (
        result.reasons["login records"]
        == "they begin on 2025-01-02; the period begins on 2025-01-01"
    )


def test_records_that_could_not_be_read_are_unable(run_procedure: RunProcedure) -> None:
    """Nor do such that do not say when they begin."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | login_records_from | last_login_known
                --------+--------------------+-----------------
                root    | -                  | true
                """,
        },
    )

    assert result.outcomes == {"login records": "unable"}


def test_it_did_not_operate_without_accounts(run_procedure: RunProcedure) -> None:
    """Nobody could log in."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
