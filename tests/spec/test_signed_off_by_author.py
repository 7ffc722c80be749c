"""CHG-08.T1: each change carries its author's own sign-off."""

from drawing import RunProcedure

PROCEDURE = "change/signed-off-by-author.sql"


def test_the_authors_own_sign_off_passes(run_procedure: RunProcedure) -> None:
    """By e-mail, or by name when the trailer has no other."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | author_email | author_name
                ----------+---------------------+----------+--------------+------------
                c1        | 2025-03-07 10:00:00 | false    | ana@x        | Ana
                c2        | 2025-03-08 10:00:00 | false    | ben@x        | Ben
                """,
            "git.trailers": """
                commit_id | key           | name | email
                ----------+---------------+------+--------
                c1        | signed-off-by | Ana  | ana@x
                c2        | signed-off-by | ben  | ben@home
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_a_sign_off_of_others_only_deviates(run_procedure: RunProcedure) -> None:
    """The maintainer's line does not certify for the author."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | author_email | author_name
                ----------+---------------------+----------+--------------+------------
                c1        | 2025-03-07 10:00:00 | false    | ana@x        | Ana
                """,
            "git.trailers": """
                commit_id | key           | name | email
                ----------+---------------+------+------
                c1        | signed-off-by | Ben  | ben@x
                """,
        },
    )

    assert result.reasons == {"c1": "signed off 1 times, never by its author"}
    assert result.outcomes == {"c1": "deviation"}


def test_without_a_practice_it_is_unable(run_procedure: RunProcedure) -> None:
    """No commit of the period is signed off."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.commits": """
                commit_id | committed_at        | is_merge | author_email | author_name
                ----------+---------------------+----------+--------------+------------
                c1        | 2025-03-07 10:00:00 | false    | ana@x        | Ana
                """,
        },
    )

    assert result.conclusion == "unable to test"


def test_it_did_not_operate_without_changes(run_procedure: RunProcedure) -> None:
    """Nothing to certify."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
