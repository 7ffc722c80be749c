"""AC-02.T1: only root has user id 0."""

from drawing import RunProcedure

PROCEDURE = "access/only-root-has-user-id-0.sql"


def test_root_alone_passes(run_procedure: RunProcedure) -> None:
    """Others have numbers of their own."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid
                --------+----
                root    | 0
                ana     | 1000
                """,
        },
    )

    assert result.outcomes == {"root": "pass"}


def test_a_second_account_with_id_0_deviates(run_procedure: RunProcedure) -> None:
    """It has root's rights under another name."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid
                --------+----
                root    | 0
                toor    | 0
                """,
        },
    )

    assert result.outcomes == {"root": "pass", "toor": "deviation"}


def test_it_did_not_operate_without_any_such_account(run_procedure: RunProcedure) -> None:
    """A host without root, as some containers are."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.accounts": """
                account | uid
                --------+----
                ana     | 1000
                """,
        },
    )

    assert result.conclusion == "did not operate"


def test_accounts_that_were_refused_are_unable(run_procedure: RunProcedure) -> None:
    """Refused is not empty."""
    result = run_procedure(
        PROCEDURE,
        {},
        refused={"host.accounts": "permission denied"},
    )

    assert result.conclusion == "unable to test"
    assert "permission denied" in result.reason
