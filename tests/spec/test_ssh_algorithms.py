"""AC-07.T2: the SSH server offers no weak algorithm."""

from drawing import RunProcedure

PROCEDURE = "access/ssh-algorithms.sql"


def test_strong_algorithms_pass(run_procedure: RunProcedure) -> None:
    """Each one is an item."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                ciphers | aes256-gcm@openssh.com
                macs | hmac-sha2-512-etm@openssh.com
                kexalgorithms | curve25519-sha256
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert len(result.outcomes) == 3


def test_a_weak_one_deviates(run_procedure: RunProcedure) -> None:
    """Among strong ones too."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                ciphers | aes256-ctr,3des-cbc
                macs | hmac-md5
                kexalgorithms | diffie-hellman-group1-sha1
                """,
        },
    )

    assert result.outcomes["ciphers 3des-cbc"] == "deviation"
    assert result.outcomes["ciphers aes256-ctr"] == "pass"
    assert result.outcomes["macs hmac-md5"] == "deviation"
    assert result.outcomes["kexalgorithms diffie-hellman-group1-sha1"] == "deviation"


def test_a_kind_that_is_not_named_is_unable(run_procedure: RunProcedure) -> None:
    """The server has a default that was not read."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sshd_settings": """
                keyword | value
                --------+------
                ciphers | aes256-ctr
                macs | hmac-sha2-256
                """,
        },
    )

    assert result.outcomes["kexalgorithms "] == "unable"


def test_it_did_not_operate_without_an_ssh_server(run_procedure: RunProcedure) -> None:
    """Nothing is offered."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
