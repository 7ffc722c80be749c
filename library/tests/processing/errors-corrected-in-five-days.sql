-- ---
-- id: PI-11.T2
-- title: Errors of a run were corrected within five days
-- control: PI-11
-- nature: inspection
-- population: >-
--   every run of a processing job in the period that failed or rejected items, or of which nothing
--   says that it did not, five days before the end or earlier
-- tables:
--   population.jobs: [system, occurred_at, run_uid, job, is_success, items_rejected, corrected_at]
-- parameters: {most_days: 5}
-- pass: its errors were corrected within so many days
-- deviation: they were corrected later, or are not
-- unable: nothing says whether it failed or rejected items
-- blind: >-
--   whether the correction is right; errors in the last five days of the period, which the next
--   period tests
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, run_uid ORDER BY listed) AS copy
    FROM population.jobs AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (is_success IS NOT TRUE OR items_rejected IS NULL OR items_rejected > 0) AND (occurred_at IS NULL OR occurred_at::DATE + $most_days <= $period_last)
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(run_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_success IS NULL OR items_rejected IS NULL THEN 'unable'
        WHEN corrected_at IS NULL THEN 'deviation'
        WHEN corrected_at::DATE <= occurred_at::DATE + $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_success IS NULL OR items_rejected IS NULL THEN format('nothing says whether the run of {} failed or rejected items', coalesce(job, 'the job'))
        WHEN corrected_at IS NULL THEN format('{} rejected, not corrected', items_rejected)
        WHEN corrected_at::DATE <= occurred_at::DATE + $most_days THEN format('corrected {}', corrected_at)
        ELSE format('corrected only {}', corrected_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
