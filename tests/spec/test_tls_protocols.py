"""NET-03.T1: public endpoints accept TLS 1.2 or newer only."""

from drawing import RunProcedure

PROCEDURE = "network/tls-protocols.sql"


def test_old_protocols_refused_pass(run_procedure: RunProcedure) -> None:
    """New ones pass either way."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.protocols": """
                endpoint | protocol | is_accepted
                ---------+----------+------------
                x:443    | TLSv1    | false
                x:443    | TLSv1.1  | false
                x:443    | TLSv1.2  | true
                x:443    | TLSv1.3  | false
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_an_old_protocol_accepted_deviates(run_procedure: RunProcedure) -> None:
    """TLS 1.0 and 1.1."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.protocols": """
                endpoint | protocol | is_accepted
                ---------+----------+------------
                x:443    | TLSv1    | true
                x:443    | TLSv1.1  | true
                """,
        },
    )

    assert result.outcomes == {"x:443 TLSv1": "deviation", "x:443 TLSv1.1": "deviation"}


def test_a_protocol_that_could_not_be_offered_is_unable(run_procedure: RunProcedure) -> None:
    """The endpoint was not asked."""
    result = run_procedure(
        PROCEDURE,
        {
            "tls.protocols": """
                endpoint | protocol | is_accepted
                ---------+----------+------------
                x:443    | TLSv1    | -
                """,
        },
    )

    assert result.outcomes == {"x:443 TLSv1": "unable"}


def test_it_did_not_operate_without_endpoints(run_procedure: RunProcedure) -> None:
    """Nobody named one."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
