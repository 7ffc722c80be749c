"""AC-02.T2: accounts of system packages cannot log in."""

from drawing import RunProcedure

PROCEDURE = "access/system-accounts-have-no-login.sql"


def test_no_shell_or_a_locked_password_passes(run_procedure: RunProcedure) -> None:
    """One of the two is enough."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid | is_system | shell   | has_login_shell | password
                --------+-----+-----------+---------+-----------------+---------
                bin     | 2   | true      | nologin | false           | -
                pg      | 99  | true      | bash    | true            | locked
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_a_shell_with_a_password_deviates(run_procedure: RunProcedure) -> None:
    """Set or empty alike."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid | is_system | shell   | has_login_shell | password
                --------+-----+-----------+---------+-----------------+---------
                pg      | 99  | true      | bash    | true            | set
                www     | 33  | true      | bash    | true            | empty
                """,
        },
    )

    assert result.outcomes == {"pg": "deviation", "www": "deviation"}


def test_a_shell_and_an_unknown_password_is_unable(run_procedure: RunProcedure) -> None:
    """Without root nobody can say."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid | is_system | shell   | has_login_shell | password
                --------+-----+-----------+---------+-----------------+---------
                pg      | 99  | true      | bash    | true            | -
                """,
        },
    )

    assert result.outcomes == {"pg": "unable"}


def test_it_did_not_operate_without_system_accounts(run_procedure: RunProcedure) -> None:
    """Persons are not in this population."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid  | is_system | has_login_shell
                --------+------+-----------+----------------
                ana     | 1000 | false     | true
                """,
        },
    )

    assert result.conclusion == "did not operate"
