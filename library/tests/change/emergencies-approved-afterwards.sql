-- ---
-- id: CHG-01.T5
-- title: Each emergency change was approved by somebody else within five days
-- control: CHG-01
-- nature: inspection
-- population: >-
--   every change of the period that is marked as an emergency, or of which nothing says that it is
--   none
-- tables:
--   population.changes: [system, occurred_at, change_uid, approvals, approved_at, is_emergency]
-- parameters: {most_days: 5}
-- pass: >-
--   somebody other than its author approved it before it was applied or within so many days after
--   it
-- deviation: nobody did, or later
-- unable: the source does not say whether it was an emergency, who approved it, or when
-- blind: >-
--   whether it was one; approvals that are kept elsewhere; an approval after the last collection
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, change_uid ORDER BY listed) AS copy
    FROM population.changes AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND is_emergency IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(change_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_emergency IS NULL THEN 'unable'
        WHEN approvals = 0 THEN 'deviation'
        WHEN approvals IS NULL OR approved_at IS NULL THEN 'unable'
        WHEN approved_at::DATE <= occurred_at::DATE + $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_emergency IS NULL THEN 'the source does not say whether it was an emergency'
        WHEN approvals = 0 THEN 'nobody other than its author approved it'
        WHEN approvals IS NULL OR approved_at IS NULL THEN 'the source does not say who approved it, or when'
        WHEN approved_at::DATE <= occurred_at::DATE + $most_days THEN format('approved {}', approved_at)
        ELSE format('approved only {}', approved_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
