"""VUL-02.T1: the operating system's release is still supported."""

from drawing import RunProcedure

PROCEDURE = "vulnerability/release-supported.sql"


def test_a_supported_release_passes(run_procedure: RunProcedure) -> None:
    """Its last day counts."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | observed_at | os_id | os_version | os_support_ends_on
                -----+-----+-----+-----+-----
                web1 | 2025-06-30 12:00:00 | debian | 12 | 2025-06-30
                """,
        },
    )

    assert result.outcomes == {"web1": "pass"}
    assert result.reasons["web1"] == "debian 12 is supported to 2025-06-30"


def test_a_release_whose_support_ended_deviates(run_procedure: RunProcedure) -> None:
    """One day is enough."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | observed_at | os_id | os_version | os_support_ends_on
                -----+-----+-----+-----+-----
                web1 | 2025-06-30 12:00:00 | debian | 10 | 2025-06-29
                """,
        },
    )

    assert result.outcomes == {"web1": "deviation"}


def test_a_release_of_unknown_end_is_unable(run_procedure: RunProcedure) -> None:
    """Nobody knows its date."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.system": """
                host | observed_at | os_id | os_version | os_support_ends_on
                -----+-----+-----+-----+-----
                web1 | 2025-06-30 12:00:00 | own | - | -
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
