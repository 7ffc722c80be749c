"""LOG-01.T1: a logging service runs and keeps its log on disk."""

from drawing import RunProcedure

PROCEDURE = "logging/logging-runs.sql"


def test_a_log_that_outlives_a_restart_passes(run_procedure: RunProcedure) -> None:
    """One service that keeps it is enough."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.services": """
                role    | service          | is_running | keeps_on_disk
                --------+------------------+------------+--------------
                logging | rsyslogd         | true       | true
                logging | systemd-journald | true       | false
                """,
        },
    )

    assert result.outcomes == {"web1": "pass"}


def test_no_service_or_no_log_on_disk_deviates(run_procedure: RunProcedure) -> None:
    """A journal in memory is gone after a restart."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.services": """
                role    | service          | is_running | keeps_on_disk
                --------+------------------+------------+--------------
                logging | systemd-journald | true       | false
                """,
        },
    )

    assert result.outcomes == {"web1": "deviation"}


def test_no_service_at_all_deviates(run_procedure: RunProcedure) -> None:
    """The audit daemon is not a logging service."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.services": """
                role    | service          | is_running | keeps_on_disk
                --------+------------------+------------+--------------
                audit   | auditd           | true       | -
                """,
        },
    )

    assert result.reasons == {"web1": "no logging service runs"}
    assert result.outcomes == {"web1": "deviation"}


def test_a_log_of_unknown_place_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not kept."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | false
                """,
            "host.services": """
                role    | service          | is_running | keeps_on_disk
                --------+------------------+------------+--------------
                logging | syslog-ng        | true       | -
                """,
        },
    )

    assert result.outcomes == {"web1": "unable"}


def test_a_container_without_logging_is_unable(run_procedure: RunProcedure) -> None:
    """The machine outside may log its output."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | is_container
                -----+-------------
                web1 | true
                """,
            "host.services": """
                role    | service          | is_running | keeps_on_disk
                --------+------------------+------------+--------------
                logging | none             | false      | -
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
