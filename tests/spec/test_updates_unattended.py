"""VUL-04.T1: the host installs security updates by itself."""

from drawing import RunProcedure

PROCEDURE = "vulnerability/updates-unattended.sql"


def test_switched_on_passes(run_procedure: RunProcedure) -> None:
    """For all packages of the manager."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                manager | installed_packages | is_unattended
                --------+--------------------+--------------
                apt     | 700                | true
                """,
        },
    )

    assert result.reasons == {"apt": "switched on, for 700 packages"}
    assert result.conclusion == "no exceptions"


def test_switched_off_deviates(run_procedure: RunProcedure) -> None:
    """An exception would be on a list that this test does not see."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                manager | installed_packages | is_unattended
                --------+--------------------+--------------
                apt     | 700                | false
                """,
        },
    )

    assert result.outcomes == {"apt": "deviation"}


def test_a_setting_that_could_not_be_read_is_unable(run_procedure: RunProcedure) -> None:
    """NULL is not off."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.package_state": """
                manager | installed_packages | is_unattended
                --------+--------------------+--------------
                apt     | 700                | -
                """,
        },
    )

    assert result.outcomes == {"apt": "unable"}


def test_it_did_not_operate_without_a_package_manager(run_procedure: RunProcedure) -> None:
    """Nothing could install anything."""
    result = run_procedure(
        PROCEDURE,
        {},
    )

    assert result.conclusion == "did not operate"
