"""AC-04.T1: no sudo rule gives every command without a password."""

from drawing import RunProcedure

PROCEDURE = "access/sudo-asks-for-authentication.sql"


def test_a_password_or_single_commands_pass(run_procedure: RunProcedure) -> None:
    """NOPASSWD for one command that a service needs is fine."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sudo_rules": """
                path         | line | subject | rule                  | is_nopasswd | allows_all
                -------------+------+---------+-----------------------+-------------+-----------
                /etc/sudoers | 1    | %sudo   | ALL=(ALL) ALL         | false       | true
                /etc/sudoers | 2    | backup  | ALL=NOPASSWD: /bin/tar | true        | false
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_every_command_without_a_password_deviates(run_procedure: RunProcedure) -> None:
    """The reason shows the rule."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sudo_rules": """
                path         | line | subject | rule                  | is_nopasswd | allows_all
                -------------+------+---------+-----------------------+-------------+-----------
                /etc/sudoers | 1    | ana     | ALL=(ALL) NOPASSWD: ALL | true        | true
                """,
        },
    )

    assert result.reasons == {"/etc/sudoers:1": "ana: ALL=(ALL) NOPASSWD: ALL"}
    assert result.outcomes == {"/etc/sudoers:1": "deviation"}


def test_a_rule_that_could_not_be_read_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not false."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.sudo_rules": """
                path         | line | subject | rule                  | is_nopasswd | allows_all
                -------------+------+---------+-----------------------+-------------+-----------
                /etc/sudoers | 1    | ana     | ALL=(ALL) NOPASSWD: X | -           | true
                """,
        },
    )

    assert result.outcomes == {"/etc/sudoers:1": "unable"}


def test_it_did_not_operate_without_sudo(run_procedure: RunProcedure) -> None:
    """No rule, nothing to test."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
