-- ---
-- id: BCK-01.T1
-- title: Scheduled backup jobs ran within the last day
-- control: BCK-01
-- nature: inspection
-- population: every timer, cron line and cron script of the host that names a backup program
-- tables:
--   host.timers: [unit, scheduler, activates, is_backup, observed_at, last_run_at, next_run_at, evidence_at]
-- parameters: {most_hours: 26}
-- pass: it ran within so many hours and is scheduled to run again
-- deviation: its last run is older, it never ran, or it is not scheduled again
-- unable: the scheduler does not say when it last ran (cron does not)
-- blind: >-
--   whether the job succeeded and what it saved; jobs whose name does not show that they are backups;
--   jobs that another machine starts
-- ---
SELECT
    format('{} {} at byte {}', unit, activates, evidence_at) AS item,
    CASE
        WHEN scheduler <> 'systemd' OR observed_at IS NULL THEN 'unable'
        WHEN last_run_at IS NULL OR next_run_at IS NULL THEN 'deviation'
        WHEN date_diff('hour', last_run_at, observed_at) <= $most_hours THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN scheduler <> 'systemd' OR observed_at IS NULL THEN format('{} does not say when it last ran', scheduler)
        WHEN last_run_at IS NULL THEN 'it never ran'
        WHEN next_run_at IS NULL THEN format('last run {}, and it is not scheduled again', last_run_at)
        ELSE format('last run {}, next {}', last_run_at, next_run_at)
    END AS reason
FROM host.timers
WHERE is_backup
ORDER BY unit, activates, evidence_at
