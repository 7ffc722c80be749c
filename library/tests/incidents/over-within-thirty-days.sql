-- ---
-- id: INC-01.T3
-- title: Incidents were over within 30 days
-- control: INC-01
-- nature: inspection
-- population: every incident of the period, noticed at least 30 days before its end
-- tables:
--   population.incidents: [system, occurred_at, incident_uid, detected_at, resolved_at]
-- parameters: {most_days: 30}
-- pass: it was over within so many days after it was noticed
-- deviation: it was over later, or is not over
-- unable: the source does not say when it was noticed
-- blind: >-
--   whether it is over in truth; incidents noticed in the last 30 days of the period, which the
--   next period tests
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, incident_uid ORDER BY listed) AS copy
    FROM population.incidents AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (detected_at IS NULL OR detected_at::DATE + $most_days <= $period_last)
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(incident_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN detected_at IS NULL THEN 'unable'
        WHEN resolved_at IS NULL THEN 'deviation'
        WHEN resolved_at::DATE <= detected_at::DATE + $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN detected_at IS NULL THEN 'the source does not say when it was noticed'
        WHEN resolved_at IS NULL THEN format('noticed {}, not over', detected_at::DATE)
        WHEN resolved_at::DATE <= detected_at::DATE + $most_days THEN format('over after {} days', resolved_at::DATE - detected_at::DATE)
        ELSE format('over only after {} days', resolved_at::DATE - detected_at::DATE)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
