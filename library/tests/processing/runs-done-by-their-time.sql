-- ---
-- id: PI-10.T2
-- title: Each run was done by the time at which it had to be
-- control: PI-10
-- nature: inspection
-- population: every run of a processing job in the period
-- tables:
--   population.jobs: [system, occurred_at, run_uid, job, due_at, ended_at, is_success]
-- pass: it ended by then and says that it did its work
-- deviation: it ended later or failed
-- unable: nothing says when it had to be done, when it ended, or whether it did its work
-- blind: runs that never began, which the schedule shows
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
        WHEN due_at IS NULL OR is_success IS NULL THEN 'unable'
        WHEN NOT is_success THEN 'deviation'
        WHEN ended_at IS NULL THEN 'unable'
        WHEN ended_at <= due_at THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN due_at IS NULL OR is_success IS NULL THEN format('nothing says when the run of {} had to be done, or whether it did its work', coalesce(job, 'the job'))
        WHEN NOT is_success THEN 'it failed'
        WHEN ended_at IS NULL THEN 'nothing says when it ended'
        WHEN ended_at <= due_at THEN format('due {}, done {}', due_at, ended_at)
        ELSE format('due {}, done {}', due_at, ended_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
