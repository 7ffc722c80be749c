-- ---
-- id: PI-08.T2
-- title: No item was lost or made up between input and output
-- control: PI-08
-- nature: inspection
-- population: every run of a processing job in the period
-- tables:
--   population.jobs: [system, occurred_at, run_uid, job, ended_at, items_in, items_out, items_rejected]
-- pass: as many items came out or were rejected as went in
-- deviation: the numbers differ
-- unable: a number is not there, or nothing says that the run ended
-- blind: >-
--   whether the items are right; jobs that make many items of one, which need a total of their own
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
        WHEN ended_at IS NULL OR items_in IS NULL OR items_out IS NULL OR items_rejected IS NULL THEN 'unable'
        WHEN items_in = items_out + items_rejected THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN ended_at IS NULL OR items_in IS NULL OR items_out IS NULL OR items_rejected IS NULL THEN format('a number of the run of {} is not there, or nothing says that it ended', coalesce(job, 'the job'))
        WHEN items_in = items_out + items_rejected THEN format('{} in, {} out, {} rejected', items_in, items_out, items_rejected)
        ELSE format('{} in, {} out, {} rejected', items_in, items_out, items_rejected)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
