"""CHG-06.T1: the code owners file names an owner for everything."""

from drawing import RunProcedure

PROCEDURE = "change/code-owners-named.sql"


def test_owners_for_everything_pass(run_procedure: RunProcedure) -> None:
    """A rule for everything, and more special ones."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.repository": """
                repository
                ----------
                service
                """,
            "git.code_owners": """
                path       | line | pattern | owners | owner_count | covers_everything
                -----------+------+---------+--------+-------------+------------------
                CODEOWNERS | 1    | *       | @core  | 1           | true
                CODEOWNERS | 2    | /docs/  | @docs  | 1           | false
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert len(result.outcomes) == 3


def test_a_rule_that_names_nobody_deviates(run_procedure: RunProcedure) -> None:
    """And then nothing covers everything either."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.repository": """
                repository
                ----------
                service
                """,
            "git.code_owners": """
                path       | line | pattern | owners | owner_count | covers_everything
                -----------+------+---------+--------+-------------+------------------
                CODEOWNERS | 1    | *       |        | 0           | true
                """,
        },
    )

    assert result.outcomes == {"CODEOWNERS:1": "deviation", "repository service": "deviation"}


def test_no_file_deviates(run_procedure: RunProcedure) -> None:
    """The repository itself is an item, so that an absent file shows."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.repository": """
                repository
                ----------
                service
                """,
        },
    )

    assert result.reasons == {"repository service": "the newest commit has no code owners file"}


def test_an_unknown_number_of_owners_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not none."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.repository": """
                repository
                ----------
                service
                """,
            "git.code_owners": """
                path       | line | pattern | owners | owner_count | covers_everything
                -----------+------+---------+--------+-------------+------------------
                CODEOWNERS | 1    | /a      | -      | -           | false
                CODEOWNERS | 2    | *       | @core  | 1           | true
                """,
        },
    )

    assert result.outcomes["CODEOWNERS:1"] == "unable"


def test_it_did_not_operate_without_a_repository(run_procedure: RunProcedure) -> None:
    """Nothing was there to look at."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
