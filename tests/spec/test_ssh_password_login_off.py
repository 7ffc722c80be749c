"""AC-06.T1: the SSH server takes keys only."""

from drawing import RunProcedure

PROCEDURE = "access/ssh-password-login-off.sql"


def test_both_ways_off_pass(run_procedure: RunProcedure) -> None:
    """Password and keyboard-interactive."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                passwordauthentication | no
                kbdinteractiveauthentication | no
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_a_way_that_is_on_deviates(run_procedure: RunProcedure) -> None:
    """Each way is an item."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                passwordauthentication | yes
                kbdinteractiveauthentication | no
                """,
        },
    )

    assert result.outcomes == {
        "passwordauthentication": "deviation",
        "kbdinteractiveauthentication": "pass",
    }


def test_a_way_that_is_not_named_is_unable(run_procedure: RunProcedure) -> None:
    """Not named is not off."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                passwordauthentication | no
                """,
        },
    )

    assert result.outcomes["kbdinteractiveauthentication"] == "unable"


def test_it_did_not_operate_without_an_ssh_server(run_procedure: RunProcedure) -> None:
    """Nothing to log in to."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
