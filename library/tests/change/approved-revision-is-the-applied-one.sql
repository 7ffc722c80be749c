-- ---
-- id: CHG-01.T4
-- title: What was approved is what was applied
-- control: CHG-01
-- nature: inspection
-- population: >-
--   every change of the period that somebody other than its author approved, or of which nothing
--   says that nobody did
-- tables:
--   population.changes: [system, occurred_at, change_uid, approvals, approved_revision, applied_revision]
-- pass: the revision that was approved last is the revision that was applied
-- deviation: another revision was applied than the one that was approved
-- unable: the source does not say which revision was approved or applied
-- blind: what the branch gained by other ways; whether the difference matters
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, change_uid ORDER BY listed) AS copy
    FROM population.changes AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND coalesce(approvals, 1) > 0
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(change_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN approvals IS NULL OR approved_revision IS NULL OR applied_revision IS NULL THEN 'unable'
        WHEN approved_revision = applied_revision THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN approvals IS NULL OR approved_revision IS NULL OR applied_revision IS NULL THEN 'the source does not say which revision was approved and which was applied'
        WHEN approved_revision = applied_revision THEN format('{} was approved and applied', applied_revision)
        ELSE format('{} was approved, {} applied', approved_revision, applied_revision)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
