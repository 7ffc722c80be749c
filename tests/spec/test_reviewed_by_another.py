"""CHG-01.T1: each change was reviewed by someone other than its author."""

from drawing import RunProcedure

PROCEDURE = "change/reviewed-by-another.sql"


def test_a_review_by_another_passes(run_procedure: RunProcedure) -> None:
    """Reviewed-by, Acked-by and Approved-by of somebody else each count."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false
                c2        | ana@x        | Ana         | 2025-03-08 10:00:00 | false
                c3        | ana@x        | Ana         | 2025-03-09 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ben  | ben@x
                c2        | acked-by    | Ben  | -
                c3        | approved-by | Ben  | ben@x
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert result.reasons["c1"] == "reviewed by 1 other than its author"


def test_a_review_by_the_author_alone_deviates(run_procedure: RunProcedure) -> None:
    """Own approval is no second pair of eyes, also with capitals in the name."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false
                c2        | ana@x        | Ana         | 2025-03-08 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ana  | ana@x
                c2        | reviewed-by | ANA  | -
                """,
        },
    )

    assert result.outcomes == {"c1": "deviation", "c2": "deviation"}
    assert result.reasons["c1"] == "reviewed by its author only"


def test_a_change_without_review_deviates_where_most_carry_one(run_procedure: RunProcedure) -> None:
    """Trailers are where this team records reviews."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false
                c2        | ana@x        | Ana         | 2025-03-08 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ben  | ben@x
                """,
        },
    )

    assert result.outcomes == {"c1": "pass", "c2": "deviation"}


def test_a_change_request_elsewhere_is_unable_even_where_most_carry_a_review(
    run_procedure: RunProcedure,
) -> None:
    """The approval lives in the other system."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge | change_request | change_system
                ----------+--------------+-------------+---------------------+----------+----------------+--------------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false    | -              | -
                c2        | ana@x        | Ana         | 2025-03-08 10:00:00 | false    | #12            | pull-request
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ben  | ben@x
                """,
        },
    )

    assert result.outcomes["c2"] == "unable"
    assert result.reasons["c2"] == "approval is kept in pull-request #12, which git does not hold"


def test_without_any_trace_of_review_it_is_unable(run_procedure: RunProcedure) -> None:
    """Nothing in git says where approvals are kept; other trailers do not."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key           | name | email
                ----------+---------------+------+------
                c1        | signed-off-by | Ben  | ben@x
                c1        | tested-by     | Ben  | ben@x
                """,
        },
    )

    assert result.outcomes == {"c1": "unable"}
    assert result.conclusion == "unable to test"


def test_a_commit_without_an_author_is_unable(run_procedure: RunProcedure) -> None:
    """Nobody can be told apart from nobody."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | -            | -           | 2025-03-07 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ben  | ben@x
                """,
        },
    )

    assert result.outcomes == {"c1": "unable"}


def test_it_did_not_operate_without_changes_in_the_period(run_procedure: RunProcedure) -> None:
    """Merges, and commits of other days, are not in the population."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | committed_at        | is_merge
                ----------+--------------+---------------------+---------
                c1        | ana@x        | 2024-12-31 23:59:59 | false
                c2        | ana@x        | 2025-06-01 10:00:00 | true
                c3        | ana@x        | 2026-01-01 00:00:00 | false
                """,
        },
    )

    assert result.conclusion == "did not operate"


def test_a_hole_in_the_evidence_is_unable_with_its_dates(run_procedure: RunProcedure) -> None:
    """Also when everything that was seen passes."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | author_name | committed_at        | is_merge
                ----------+--------------+-------------+---------------------+---------
                c1        | ana@x        | Ana         | 2025-03-07 10:00:00 | false
                """,
            "git.trailers": """
                commit_id | key         | name | email
                ----------+-------------+------+------
                c1        | reviewed-by | Ben  | ben@x
                """,
        },
        covers={"git.commits": "2025-01-01..2025-06-30"},
    )

    assert result.conclusion == "unable to test"
    assert "2025-07-01..2025-12-31 (184 of 365 days)" in result.reason


def test_a_commit_of_no_known_time_is_unable(run_procedure: RunProcedure) -> None:
    """Nobody knows whether it lies in the period, so it is not left out in silence."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | author_email | committed_at | is_merge
                ----------+--------------+--------------+---------
                c1        | ana@x        | -            | false
                """,
        },
    )

    assert result.outcomes == {"c1": "unable"}
