"""AC-03.T1: no account can log in with an empty password."""

from drawing import RunProcedure

PROCEDURE = "access/no-empty-password.sql"


def test_set_and_locked_pass(run_procedure: RunProcedure) -> None:
    """How good a password is, is another question."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | password
                --------+---------
                ana     | set
                bin     | locked
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_an_empty_password_deviates(run_procedure: RunProcedure) -> None:
    """Anybody could log in."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | password
                --------+---------
                ana     | empty
                """,
        },
    )

    assert result.outcomes == {"ana": "deviation"}


def test_a_state_that_was_refused_is_unable(run_procedure: RunProcedure) -> None:
    """Without root, /etc/shadow says nothing."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | password
                --------+---------
                ana     | -
                """,
        },
    )

    assert result.outcomes == {"ana": "unable"}


def test_it_did_not_operate_without_accounts(run_procedure: RunProcedure) -> None:
    """Nobody can log in at all."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
