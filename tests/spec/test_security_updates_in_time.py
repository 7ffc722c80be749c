"""VUL-01.T1: no security update waits longer than its deadline."""

from drawing import RunProcedure

PROCEDURE = "vulnerability/security-updates-in-time.sql"


def test_fresh_lists_without_pending_security_updates_pass(run_procedure: RunProcedure) -> None:
    """Other updates have no deadline here; seven days are fresh."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | 0 | 2025-06-23 06:00:00 | true
                """,
            "host.pending_updates": """
                package | installed | candidate | is_security | available_days_min
                --------+-----------+-----------+-------------+-------------------
                vim     | 1         | 2         | false       | -
                """,
        },
    )

    assert result.outcomes == {"archive lists": "pass"}


def test_an_update_past_its_deadline_deviates(run_procedure: RunProcedure) -> None:
    """Available for at least 31 days."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | 1 | 2025-06-29 06:00:00 | true
                """,
            "host.pending_updates": """
                package | installed | candidate | is_security | available_days_min
                --------+-----------+-----------+-------------+-------------------
                ssl     | 1         | 2         | true        | 31
                """,
        },
    )

    assert result.outcomes["ssl 1 to 2"] == "deviation"
    assert result.reasons["ssl 1 to 2"] == "available for at least 31 days, 30 are allowed"


def test_no_security_archive_deviates(run_procedure: RunProcedure) -> None:
    """Then none is ever pending, which looks clean and is not."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | 0 | 2025-06-29 06:00:00 | false
                """,
        },
    )

    assert result.outcomes == {"archive lists": "deviation"}


def test_an_update_of_unknown_age_is_unable(run_procedure: RunProcedure) -> None:
    """At least 30 days is not more than 30; NULL is nothing."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | 2 | 2025-06-29 06:00:00 | true
                """,
            "host.pending_updates": """
                package | installed | candidate | is_security | available_days_min
                --------+-----------+-----------+-------------+-------------------
                ssl     | 1         | 2         | true        | 30
                lib     | 1         | 2         | true        | -
                """,
        },
    )

    assert result.outcomes["ssl 1 to 2"] == "unable"
    assert result.outcomes["lib 1 to 2"] == "unable"


def test_stale_or_unread_lists_are_unable(run_procedure: RunProcedure) -> None:
    """Eight days old, never refreshed, not readable."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | 0 | 2025-06-22 06:00:00 | true
                """,
        },
    )

    assert result.outcomes == {"archive lists": "unable"}


def test_an_upgrade_that_could_not_be_asked_is_unable(run_procedure: RunProcedure) -> None:
    """NULL pending updates are not none."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                observed_at         | pending_security | lists_refreshed_at  | has_security_archive
                --------------------+------------------+---------------------+---------------------
                2025-06-30 12:00:00 | - | 2025-06-29 06:00:00 | true
                """,
        },
    )

    assert result.outcomes == {"archive lists": "unable"}


def test_it_did_not_operate_without_a_package_manager(run_procedure: RunProcedure) -> None:
    """Nothing was asked."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
