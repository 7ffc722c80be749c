-- ---
-- id: CHG-01.T3
-- title: Each change was approved by somebody else before it was applied
-- control: CHG-01
-- nature: inspection
-- population: >-
--   every change of the period that the code hosts and ticket systems list, emergencies left out
-- tables:
--   population.changes: [system, occurred_at, change_uid, author, approvals, approved_by, approved_at, is_emergency]
-- pass: >-
--   at least one person other than the author approved it, and the last approval is not later than
--   its application
-- deviation: nobody but the author approved it, or only afterwards
-- unable: the source does not say who approved it or when, or whether it is an emergency
-- blind: whether the approver read it; two accounts of one person; changes made without a request
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, change_uid ORDER BY listed) AS copy
    FROM population.changes AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND is_emergency IS NOT TRUE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(change_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_emergency IS NULL THEN 'unable'
        WHEN approvals = 0 THEN 'deviation'
        WHEN approvals IS NULL OR approved_at IS NULL OR author IS NULL THEN 'unable'
        WHEN approved_at > occurred_at THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_emergency IS NULL THEN 'the source does not say whether it was an emergency'
        WHEN approvals = 0 THEN format('nobody other than {} approved it', coalesce(author, 'its author'))
        WHEN approvals IS NULL OR approved_at IS NULL OR author IS NULL THEN 'the source does not say who approved it, or when'
        WHEN approved_at > occurred_at THEN format('approved {}, applied {}', approved_at, occurred_at)
        ELSE format('approved by {} on {}', coalesce(approved_by, approvals::VARCHAR), approved_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
