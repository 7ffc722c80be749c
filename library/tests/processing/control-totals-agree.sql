-- ---
-- id: PI-03.T2
-- title: The control totals of each run agree
-- control: PI-03
-- nature: inspection
-- population: >-
--   every run of a processing job in the period that ended, or of which nothing says that it did
--   not
-- tables:
--   population.jobs: [system, occurred_at, run_uid, job, ended_at, control_in, control_out]
-- pass: the total of the input is the total of output and rejected items
-- deviation: the totals differ
-- unable: one of the totals is not there, or the run did not end
-- blind: errors that leave the total as it is; who computes it
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, run_uid ORDER BY listed) AS copy
    FROM population.jobs AS listed
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(run_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN ended_at IS NULL THEN 'unable'
        WHEN control_in IS NULL OR control_out IS NULL THEN 'unable'
        WHEN control_in = control_out THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN ended_at IS NULL THEN format('nothing says that the run of {} ended', coalesce(job, 'the job'))
        WHEN control_in IS NULL OR control_out IS NULL THEN 'one of the totals is not there'
        WHEN control_in = control_out THEN format('{} in and out', control_in)
        ELSE format('{} in, {} out', control_in, control_out)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
