"""LOG-02.T1: the audit daemon runs with rules loaded."""

from drawing import RunProcedure

PROCEDURE = "logging/audit-daemon-records.sql"


def test_running_with_rules_passes(run_procedure: RunProcedure) -> None:
    """One rule is the least."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.services": """
                role  | service | is_running | rules
                ------+---------+------------+------
                audit | auditd  | true       | 1
                """,
        },
    )

    assert result.reasons == {"auditd": "it runs with 1 rules"}
    assert result.conclusion == "no exceptions"


def test_not_running_or_without_rules_deviates(run_procedure: RunProcedure) -> None:
    """A daemon without rules records next to nothing."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.services": """
                role  | service | is_running | rules
                ------+---------+------------+------
                audit | auditd  | true       | 0
                """,
        },
    )

    assert result.outcomes == {"auditd": "deviation"}


def test_rules_that_were_refused_are_unable(run_procedure: RunProcedure) -> None:
    """It runs; with which rules only root may see."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.services": """
                role  | service | is_running | rules
                ------+---------+------------+------
                audit | auditd  | true       | -
                """,
        },
    )

    assert result.outcomes == {"auditd": "unable"}


def test_it_did_not_operate_when_services_were_not_listed(run_procedure: RunProcedure) -> None:
    """No row for the audit daemon."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
