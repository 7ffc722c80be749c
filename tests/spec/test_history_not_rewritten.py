"""CHG-05.T1: the release branch only ever moved forward."""

from drawing import RunProcedure

PROCEDURE = "change/history-not-rewritten.sql"


def test_moving_forward_passes(run_procedure: RunProcedure) -> None:
    """Whoever's reflog it is; the branch's creation too."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.branch_moves": """
                ref             | moved_at            | old_commit | new_commit | is_fast_forward | authority
                ----------------+---------------------+------------+------------+-----------------+----------
                refs/heads/main | 2025-03-07 10:00:00 | -          | a          | true            | local
                refs/heads/main | 2025-03-08 10:00:00 | a          | b          | true            | server
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_rewriting_what_was_published_deviates(run_procedure: RunProcedure) -> None:
    """On the server, as a clone's fetch saw it, or by deleting the branch."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.branch_moves": """
                ref             | moved_at            | old_commit | new_commit | is_fast_forward | authority
                ----------------+---------------------+------------+------------+-----------------+----------
                refs/heads/main | 2025-03-07 10:00:00 | a          | b          | false           | server
                refs/heads/main | 2025-03-08 10:00:00 | b          | c          | false           | remote
                refs/heads/main | 2025-03-09 10:00:00 | c          | -          | false           | server
                """,
        },
    )

    assert list(result.outcomes.values()) == ["deviation"] * 3
    assert "history was rewritten (remote)" in result.reasons.values()


def test_rewriting_in_a_clone_is_unable(run_procedure: RunProcedure) -> None:
    """It may never have been published; and a commit that is gone tells nothing."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.branch_moves": """
                ref             | moved_at            | old_commit | new_commit | is_fast_forward | authority
                ----------------+---------------------+------------+------------+-----------------+----------
                refs/heads/main | 2025-03-07 10:00:00 | a          | b          | false           | local
                refs/heads/main | 2025-03-08 10:00:00 | b          | c          | -               | server
                """,
        },
    )

    assert list(result.outcomes.values()) == ["unable", "unable"]


def test_the_same_move_twice_is_two_items_and_can_pass(run_procedure: RunProcedure) -> None:
    """Two entries of one second are told apart."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.branch_moves": """
                ref             | moved_at            | old_commit | new_commit | is_fast_forward | authority
                ----------------+---------------------+------------+------------+-----------------+----------
                refs/heads/main | 2025-03-07 10:00:00 | a          | b          | true            | local
                refs/heads/main | 2025-03-07 10:00:00 | a          | b          | true            | local
                """,
        },
    )

    assert len(result.outcomes) == 2


def test_it_did_not_operate_when_the_branch_never_moved(run_procedure: RunProcedure) -> None:
    """Covered, and empty."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"


def test_a_reflog_that_expired_is_unable(run_procedure: RunProcedure) -> None:
    """Ninety days of a year are not the year."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.branch_moves": """
                ref             | moved_at            | old_commit | new_commit | is_fast_forward | authority
                ----------------+---------------------+------------+------------+-----------------+----------
                refs/heads/main | 2025-12-07 10:00:00 | a          | b          | true            | server
                """,
        },
        covers={"git.branch_moves": "2025-10-01..2025-12-31"},
    )

    assert result.conclusion == "unable to test"
    assert "2025-01-01..2025-09-30" in result.reason
