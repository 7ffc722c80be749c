"""BCK-01.T1: scheduled backup jobs ran within the last day."""

from drawing import RunProcedure

PROCEDURE = "backup/jobs-have-run.sql"


def test_a_job_that_ran_passes(run_procedure: RunProcedure) -> None:
    """Within 26 hours, and scheduled again."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.timers": """
                unit | scheduler | activates | is_backup | observed_at | last_run_at | next_run_at | evidence_at
                ------------------------------------------------------------------------------------------------
                restic.timer | systemd | restic.service | true | 2025-06-30 12:00:00 | 2025-06-29 10:00:00 | 2025-06-30 23:00:00 | 0
                """,
        },
    )

    assert result.conclusion == "no exceptions"


def test_an_old_run_deviates(run_procedure: RunProcedure) -> None:
    """27 hours; never; not scheduled again."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.timers": """
                unit | scheduler | activates | is_backup | observed_at | last_run_at | next_run_at | evidence_at
                ------------------------------------------------------------------------------------------------
                a.timer | systemd | borg | true | 2025-06-30 12:00:00 | 2025-06-29 09:00:00 | 2025-07-01 00:00:00 | 0
                b.timer | systemd | borg | true | 2025-06-30 12:00:00 | - | 2025-07-01 00:00:00 | 0
                c.timer | systemd | borg | true | 2025-06-30 12:00:00 | 2025-06-30 09:00:00 | - | 0
                """,
        },
    )

    assert set(result.outcomes.values()) == {"deviation"}
    assert len(result.outcomes) == 3


def test_cron_is_unable(run_procedure: RunProcedure) -> None:
    """It does not say when a job last ran."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.timers": """
                unit | scheduler | activates | is_backup | observed_at | last_run_at | next_run_at | evidence_at
                ------------------------------------------------------------------------------------------------
                /etc/crontab | cron | 0 3 * * * root borg create | true | 2025-06-30 12:00:00 | - | - | 17
                """,
        },
    )

    assert result.conclusion == "unable to test"
    assert list(result.reasons.values()) == ["cron does not say when it last ran"]


def test_it_did_not_operate_without_a_backup_job(run_procedure: RunProcedure) -> None:
    """Other timers are not backups."""
    result = run_procedure(
        PROCEDURE,
        {
            "host.timers": """
                unit | scheduler | activates | is_backup | observed_at | last_run_at | next_run_at | evidence_at
                ------------------------------------------------------------------------------------------------
                apt.timer | systemd | apt | false | 2025-06-30 12:00:00 | - | - | 0
                """,
        },
    )

    assert result.conclusion == "did not operate"
