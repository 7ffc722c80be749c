"""NET-02.T1: only approved ports listen on addresses that others can reach."""

from drawing import RunProcedure

PROCEDURE = "network/approved-listeners.sql"


def test_an_approved_port_passes(run_procedure: RunProcedure) -> None:
    """22, 80 and 443; loopback is no matter."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.listeners": """
                protocol | address   | port | is_public | process
                ---------+-----------+------+-----------+--------
                tcp      | 0.0.0.0   | 443  | true      | nginx
                tcp      | 127.0.0.1 | 5432 | false     | postgres
                """,
        },
    )

    assert result.outcomes == {"tcp 0.0.0.0:443": "pass"}


def test_another_port_deviates(run_procedure: RunProcedure) -> None:
    """Whatever the program; two sockets of one port are one item."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.listeners": """
                protocol | address   | port | is_public | process
                ---------+-----------+------+-----------+--------
                tcp      | 0.0.0.0   | 5432 | true      | postgres
                tcp      | 0.0.0.0   | 5432 | true      | -
                """,
        },
    )

    assert result.outcomes == {"tcp 0.0.0.0:5432": "deviation"}


def test_an_address_of_unknown_reach_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not loopback."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.listeners": """
                protocol | address   | port | is_public | process
                ---------+-----------+------+-----------+--------
                udp      | ?         | 443  | -         | -
                """,
        },
    )

    assert result.outcomes == {"udp ?:443": "unable"}


def test_it_did_not_operate_when_nothing_listens(run_procedure: RunProcedure) -> None:
    """Loopback only."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.listeners": """
                protocol | address   | port | is_public | process
                ---------+-----------+------+-----------+--------
                tcp      | 127.0.0.1 | 5432 | false     | postgres
                """,
        },
    )

    assert result.conclusion == "did not operate"
