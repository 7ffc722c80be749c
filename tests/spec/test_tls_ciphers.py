"""NET-04.T1: public endpoints negotiate strong ciphers with forward secrecy."""

from drawing import RunProcedure

PROCEDURE = "network/tls-ciphers.sql"


def test_a_strong_ephemeral_cipher_passes(run_procedure: RunProcedure) -> None:
    """The reason names protocol and cipher."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | protocol | cipher                 | has_forward_secrecy
                ---------+----------+------------------------+--------------------
                x:443    | TLSv1.3  | TLS_AES_256_GCM_SHA384 | true
                """,
        },
    )

    assert result.reasons == {"x:443": "TLSv1.3 with TLS_AES_256_GCM_SHA384"}
    assert result.conclusion == "no exceptions"


def test_a_weak_cipher_or_no_forward_secrecy_deviates(run_procedure: RunProcedure) -> None:
    """Each alone is enough."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | protocol | cipher            | has_forward_secrecy
                ---------+----------+-------------------+--------------------
                x:443    | TLSv1.2  | AES256-GCM-SHA384 | false
                y:443    | TLSv1.2  | ECDHE-RSA-RC4-SHA | true
                """,
        },
    )

    assert result.outcomes == {"x:443": "deviation", "y:443": "deviation"}


def test_no_cipher_is_unable(run_procedure: RunProcedure) -> None:
    """The handshake did not say."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.endpoints": """
                endpoint | protocol | cipher | has_forward_secrecy
                ---------+----------+--------+--------------------
                x:443    | -        | -      | -
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
