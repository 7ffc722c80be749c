"""CHG-03.T1: each release is an annotated tag that names who released it."""

from drawing import RunProcedure

PROCEDURE = "change/release-tags-annotated.sql"


def test_an_annotated_tag_with_its_tagger_passes(run_procedure: RunProcedure) -> None:
    """Name or e-mail is enough to know who."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag  | is_release | is_annotated | tagger_name | tagger_email | tagged_at
                -----+------------+--------------+-------------+--------------+--------------------
                v1.0 | true       | true         | Ana         | ana@x        | 2025-03-07 10:00:00
                v1.1 | true       | true         | -           | ana@x        | 2025-04-07 10:00:00
                """,
        },
    )

    assert result.outcomes == {"v1.0": "pass", "v1.1": "pass"}
    assert result.reasons["v1.0"] == "tagged by Ana"


def test_a_lightweight_tag_deviates(run_procedure: RunProcedure) -> None:
    """It names nobody; so does an annotated one without tagger."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag  | is_release | is_annotated | tagger_name | tagger_email | tagged_at
                -----+------------+--------------+-------------+--------------+--------------------
                v1.0 | true       | false        | -           | -            | 2025-03-07 10:00:00
                v1.1 | true       | true         | -           | -            | 2025-03-08 10:00:00
                """,
        },
    )

    assert result.outcomes == {"v1.0": "deviation", "v1.1": "deviation"}


def test_it_did_not_operate_without_a_release(run_procedure: RunProcedure) -> None:
    """Tags that are no versions are no releases."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag    | is_release | is_annotated | tagged_at
                -------+------------+--------------+--------------------
                latest | false      | false        | 2025-03-07 10:00:00
                """,
        },
    )

    assert result.conclusion == "did not operate"


def test_a_tag_of_unknown_kind_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not false."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag  | is_release | is_annotated | tagged_at
                -----+------------+--------------+--------------------
                v1.0 | true       | -            | 2025-03-07 10:00:00
                """,
        },
    )

    assert result.outcomes == {"v1.0": "unable"}
