"""AC-07.T1: the SSH server limits attempts and accepts no empty password."""

from drawing import RunProcedure

PROCEDURE = "access/ssh-baseline.sql"


def test_settings_within_the_baseline_pass(run_procedure: RunProcedure) -> None:
    """Six attempts are the most."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                maxauthtries | 6
                permitemptypasswords | no
                hostbasedauthentication | no
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_settings_beyond_it_deviate(run_procedure: RunProcedure) -> None:
    """Seven attempts; empty passwords."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                maxauthtries | 7
                permitemptypasswords | yes
                hostbasedauthentication | no
                """,
        },
    )

    assert result.outcomes == {
        "maxauthtries": "deviation",
        "permitemptypasswords": "deviation",
        "hostbasedauthentication": "pass",
    }


def test_what_is_not_named_or_no_number_is_unable(run_procedure: RunProcedure) -> None:
    """Neither within nor beyond."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                maxauthtries | many
                permitemptypasswords | no
                """,
        },
    )

    assert result.outcomes["maxauthtries"] == "unable"
    assert result.outcomes["hostbasedauthentication"] == "unable"


def test_it_did_not_operate_without_an_ssh_server(run_procedure: RunProcedure) -> None:
    """No server, no baseline."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
