"""CRY-03.T1: endpoints present a trusted certificate for their name."""

from drawing import RunProcedure

PROCEDURE = "encryption/endpoint-certificates-trusted.sql"


def test_trusted_and_named_passes(run_procedure: RunProcedure) -> None:
    """Both must hold."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | subject | is_trusted | is_name_matched | trust_error
                ---------+---------+------------+-----------------+------------
                x:443    | CN=x    | true       | true            | -
                """,
        },
    )

    assert result.reasons == {"x:443": "trusted and named: CN=x"}
    assert result.conclusion == "no exceptions"


def test_untrusted_or_misnamed_deviates(run_procedure: RunProcedure) -> None:
    """The reason is the verifier's own."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | subject | is_trusted | is_name_matched | trust_error
                ---------+---------+------------+-----------------+------------
                x:443    | CN=x    | false      | -               | self-signed certificate
                y:443    | CN=z    | true       | false           | Hostname mismatch
                """,
        },
    )

    assert result.outcomes == {"x:443": "deviation", "y:443": "deviation"}
    assert result.reasons["x:443"] == "self-signed certificate"


def test_a_handshake_that_did_not_say_is_unable(run_procedure: RunProcedure) -> None:
    """Trusted, and the name not known."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | subject | is_trusted | is_name_matched | trust_error
                ---------+---------+------------+-----------------+------------
                x:443    | CN=x    | true       | -               | -
                """,
        },
    )

    assert result.outcomes == {"x:443": "unable"}


def test_it_did_not_operate_without_endpoints(run_procedure: RunProcedure) -> None:
    """Nobody named one."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
