"""CHG-07.T1: each change refers to the request that asked for it."""

from drawing import RunProcedure

PROCEDURE = "change/refers-to-request.sql"


def test_a_ticket_or_a_change_request_passes(run_procedure: RunProcedure) -> None:
    """Either will do."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | ticket | change_request | change_system
                ----------+---------------------+----------+--------+----------------+--------------
                c1        | 2025-03-07 10:00:00 | false    | AB-1   | -              | -
                c2        | 2025-03-08 10:00:00 | false    | -      | #7             | pull-request
                """,
        },
    )

    assert result.reasons == {"c1": "refers to ticket AB-1", "c2": "refers to pull-request #7"}
    assert result.conclusion == "no exceptions"


def test_a_change_that_refers_to_nothing_deviates_where_most_do(
    run_procedure: RunProcedure,
) -> None:
    """Exactly half is a practice."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | ticket
                ----------+---------------------+----------+-------
                c1        | 2025-03-07 10:00:00 | false    | AB-1
                c2        | 2025-03-08 10:00:00 | false    | -
                """,
        },
    )

    assert result.outcomes == {"c1": "pass", "c2": "deviation"}


def test_without_a_practice_it_is_unable(run_procedure: RunProcedure) -> None:
    """Nobody here names requests."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | ticket
                ----------+---------------------+----------+-------
                c1        | 2025-03-07 10:00:00 | false    | -
                """,
        },
    )

    assert result.conclusion == "unable to test"


def test_it_did_not_operate_with_merges_only(run_procedure: RunProcedure) -> None:
    """A merge is not a change of its own."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | ticket
                ----------+---------------------+----------+-------
                c1        | 2025-03-07 10:00:00 | true     | -
                """,
        },
    )

    assert result.conclusion == "did not operate"
