"""CHG-02.T1: changes arrive by a merge or a change request."""

from drawing import RunProcedure

PROCEDURE = "change/no-direct-push.sql"


def test_a_merge_and_a_named_change_request_pass(run_procedure: RunProcedure) -> None:
    """A squash merge carries the number of its request."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | on_first_parent | change_request | change_system
                ----------+---------------------+----------+-----------------+----------------+--------------
                c1        | 2025-03-07 10:00:00 | true     | true            | -              | -
                c2        | 2025-03-08 10:00:00 | false    | true            | #7             | pull-request
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert result.reasons["c2"] == "came from pull-request #7"


def test_a_single_commit_deviates_where_merges_are_the_practice(
    run_procedure: RunProcedure,
) -> None:
    """A direct push, or a rebase merge that git cannot tell from one."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | on_first_parent
                ----------+---------------------+----------+----------------
                c1        | 2025-03-07 10:00:00 | true     | true
                c2        | 2025-03-08 10:00:00 | false    | true
                """,
        },
    )

    assert result.outcomes == {"c1": "pass", "c2": "deviation"}


def test_beside_change_requests_kept_elsewhere_a_single_commit_is_unable(
    run_procedure: RunProcedure,
) -> None:
    """Only the other system can tell a direct push from a rebase merge."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | on_first_parent | change_request | change_system
                ----------+---------------------+----------+-----------------+----------------+--------------
                c1        | 2025-03-07 10:00:00 | true     | true            | #7             | pull-request
                c2        | 2025-03-08 10:00:00 | false    | true            | -              | -
                """,
        },
    )

    assert result.outcomes == {"c1": "pass", "c2": "unable"}


def test_without_a_practice_of_merges_it_is_unable(run_procedure: RunProcedure) -> None:
    """One merge in three is not how this branch is changed."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | on_first_parent
                ----------+---------------------+----------+----------------
                c1        | 2025-03-07 10:00:00 | true     | true
                c2        | 2025-03-08 10:00:00 | false    | true
                c3        | 2025-03-09 10:00:00 | false    | true
                """,
        },
    )

    assert result.outcomes == {"c1": "pass", "c2": "unable", "c3": "unable"}


def test_it_did_not_operate_when_the_line_has_no_commit(run_procedure: RunProcedure) -> None:
    """Commits inside merged branches are not the line."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | on_first_parent
                ----------+---------------------+----------+----------------
                c1        | 2025-03-07 10:00:00 | false    | false
                """,
        },
    )

    assert result.conclusion == "did not operate"
