"""LOG-03.T1: the host's clock is synchronized."""

from drawing import RunProcedure

PROCEDURE = "logging/clock-synchronized.sql"


def test_a_client_that_says_so_passes(run_procedure: RunProcedure) -> None:
    """Beside another that does not."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.time_sync": """
                client | is_synchronized
                -------+----------------
                chrony | true
                ntpd   | false
                """,
        },
    )

    assert result.outcomes == {"web1": "pass"}


def test_a_client_that_says_no_deviates(run_procedure: RunProcedure) -> None:
    """And none that says yes."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.time_sync": """
                client | is_synchronized
                -------+----------------
                chrony | false
                """,
        },
    )

    assert result.outcomes == {"web1": "deviation"}


def test_no_answer_is_unable(run_procedure: RunProcedure) -> None:
    """No client, or one that did not say."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.time_sync": """
                client | is_synchronized
                -------+----------------
                none   | -
                """,
        },
    )

    assert result.outcomes == {"web1": "unable"}


def test_a_container_is_unable(run_procedure: RunProcedure) -> None:
    """The machine outside keeps the clock."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | true
                """,
            "host.time_sync": """
                client | is_synchronized
                -------+----------------
                chrony | false
                """,
        },
    )

    assert result.outcomes == {"web1": "unable"}


def test_it_did_not_operate_without_a_host(run_procedure: RunProcedure) -> None:
    """No host was looked at."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
