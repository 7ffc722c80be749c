"""CHG-03.T2: each release tag carries a signature that verifies."""

from drawing import RunProcedure

PROCEDURE = "change/release-tags-signed.sql"


def test_a_good_signature_passes(run_procedure: RunProcedure) -> None:
    """Of each kind; the reason names the signer when there is one."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag | is_release | tagged_at           | signature | signature_status | signer
                ----+------------+---------------------+-----------+------------------+-------
                x1  | true       | 2025-03-01 10:00:00 | pgp       | good             | Ana
                x2  | true       | 2025-03-02 10:00:00 | ssh       | good             | -
                """,
        },
    )

    assert result.conclusion == "no exceptions"
    assert result.reasons == {"x1": "pgp signature of Ana", "x2": "ssh signature of a given key"}


def test_no_signature_or_a_bad_one_deviates(run_procedure: RunProcedure) -> None:
    """Expired and revoked keys too."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag | is_release | tagged_at           | signature | signature_status | signer
                ----+------------+---------------------+-----------+------------------+-------
                x1  | true       | 2025-03-01 10:00:00 | none      | -                | -
                x2  | true       | 2025-03-02 10:00:00 | pgp       | bad              | -
                x3  | true       | 2025-03-03 10:00:00 | pgp       | expired          | -
                x4  | true       | 2025-03-04 10:00:00 | ssh       | revoked          | -
                """,
        },
    )

    assert set(result.outcomes.values()) == {"deviation"}
    assert result.reasons["x1"] == "not signed"
    assert result.reasons["x2"] == "pgp signature is bad"


def test_a_signature_that_was_not_checked_is_unable(run_procedure: RunProcedure) -> None:
    """Also one by a key not given, one that failed to verify for another reason, and NULL."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag | is_release | tagged_at           | signature | signature_status | signer
                ----+------------+---------------------+-----------+------------------+-------
                x1  | true       | 2025-03-01 10:00:00 | pgp       | -                | -
                x2  | true       | 2025-03-02 10:00:00 | pgp       | untrusted        | -
                x3  | true       | 2025-03-03 10:00:00 | x509      | unverifiable     | -
                x4  | true       | 2025-03-04 10:00:00 | -         | -                | -
                """,
        },
    )

    assert set(result.outcomes.values()) == {"unable"}
    assert result.reasons["x1"] == "pgp signature, not checked: no keys were given"


def test_it_did_not_operate_outside_the_period(run_procedure: RunProcedure) -> None:
    """The day before the first is not in it."""
    result = run_procedure(
        PROCEDURE,
        {
            "git.tags": """
                tag | is_release | tagged_at           | signature | signature_status | signer
                ----+------------+---------------------+-----------+------------------+-------
                x1  | true       | 2025-03-01 10:00:00 | none      | -                | -
                """,
        },
        period="2025-03-02..2025-12-31",
    )

    assert result.conclusion == "did not operate"
