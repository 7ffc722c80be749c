"""AC-05.T1: the SSH server refuses root."""

from drawing import RunProcedure

PROCEDURE = "access/ssh-root-login-off.sql"


def test_off_passes(run_procedure: RunProcedure) -> None:
    """Only `no` is off."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                permitrootlogin | no
                """,
        },
    )

    assert result.outcomes == {"SSH server": "pass"}


def test_a_key_for_root_deviates_too(run_procedure: RunProcedure) -> None:
    """An act of root then has no person."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                permitrootlogin | prohibit-password
                """,
        },
    )

    assert result.outcomes == {"SSH server": "deviation"}
    assert result.reasons["SSH server"] == "PermitRootLogin is prohibit-password"


def test_a_configuration_that_does_not_say_is_unable(run_procedure: RunProcedure) -> None:
    """Other settings were read, this one was not among them."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                port | 22
                """,
        },
    )

    assert result.outcomes == {"SSH server": "unable"}


def test_it_did_not_operate_without_an_ssh_server(run_procedure: RunProcedure) -> None:
    """Absence was shown, not assumed."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"


def test_a_host_seen_on_one_day_is_unable_for_a_year(run_procedure: RunProcedure) -> None:
    """A state says nothing of the other 364 days."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                permitrootlogin | no
                """,
        },
        covers={"host.sshd_settings": "2025-12-31..2025-12-31"},
    )

    assert result.conclusion == "unable to test"
    assert "364" not in result.outcomes
