"""AC-08.T1: accounts of persons that can log in were used within 90 days."""

from drawing import RunProcedure

PROCEDURE = "access/accounts-in-use.sql"


def test_a_login_within_ninety_days_passes(run_procedure: RunProcedure) -> None:
    """The ninetieth day before counts; so do an expired account and a locked one that nobody used."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid  | is_system | observed_at         | has_login_shell | is_privileged | password | expires_on | last_login_at       | last_login_known | login_records_from
                --------+------+-----------+---------------------+-----------------+---------------+----------+------------+---------------------+------------------+-------------------
                ana     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | 2025-04-01 08:00:00 | true             | 2025-01-01
                ben     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | 2025-06-29 | -                   | true             | 2025-01-01
                cem     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | locked   | -          | -                   | true             | 2025-01-01
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert result.reasons["ana"] == "last login 2025-04-01, 90 days before"


def test_an_older_login_deviates(run_procedure: RunProcedure) -> None:
    """Ninety-one days; or never, while the records reach back ninety."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid  | is_system | observed_at         | has_login_shell | is_privileged | password | expires_on | last_login_at       | last_login_known | login_records_from
                --------+------+-----------+---------------------+-----------------+---------------+----------+------------+---------------------+------------------+-------------------
                ana     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | 2025-03-31 23:00:00 | true             | 2025-01-01
                ben     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | -                   | true             | 2025-04-01
                """,
        },
    )

    assert result.outcomes == {"ana": "deviation", "ben": "deviation"}
    assert result.reasons["ben"] == "no login since 2025-04-01"


def test_records_that_do_not_reach_back_are_unable(run_procedure: RunProcedure) -> None:
    """Nor do records that could not be read, or that do not say when they begin."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid  | is_system | observed_at         | has_login_shell | is_privileged | password | expires_on | last_login_at       | last_login_known | login_records_from
                --------+------+-----------+---------------------+-----------------+---------------+----------+------------+---------------------+------------------+-------------------
                ana     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | -                   | true             | 2025-04-02
                ben     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | -                   | false            | 2025-01-01
                cem     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | -                   | -                | 2025-01-01
                dan     | 1001 | false     | 2025-06-30 12:00:00 | true            | false         | set      | -          | -                   | true             | -
                """,
        },
    )

    assert set(result.outcomes.values()) == {"unable"}


def test_it_did_not_operate_without_such_an_account(run_procedure: RunProcedure) -> None:
    """No login shell, no login."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid  | is_system | observed_at         | has_login_shell | is_privileged | password | expires_on | last_login_at       | last_login_known | login_records_from
                --------+------+-----------+---------------------+-----------------+---------------+----------+------------+---------------------+------------------+-------------------
                ana     | 1001 | false     | 2025-06-30 12:00:00 | false           | false         | set      | -          | -                   | true             | 2025-01-01
                """,
        },
    )

    assert result.conclusion == "did not operate"
