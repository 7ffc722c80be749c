-- ---
-- id: POL-05.T2
-- title: Nobody both wrote and applied a change without another person
-- control: POL-05
-- nature: inspection
-- population: every change of the period that the code hosts and ticket systems list
-- tables:
--   population.changes: [system, occurred_at, change_uid, author, applied_by, approvals]
-- pass: another person approved or applied it
-- deviation: its author applied it, and nobody else approved it
-- unable: the source does not say who wrote it, who applied it, or whether somebody approved it
-- blind: two accounts of one person; programs that apply what a person asked for
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, change_uid ORDER BY listed) AS copy
    FROM population.changes AS listed
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(change_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN author IS NULL OR applied_by IS NULL OR approvals IS NULL THEN 'unable'
        WHEN approvals > 0 THEN 'pass'
        WHEN lower(author) = lower(applied_by) THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN author IS NULL OR applied_by IS NULL OR approvals IS NULL THEN 'the source does not say who wrote, approved and applied it'
        WHEN approvals > 0 THEN format('{} wrote it, {} others approved it', author, approvals)
        WHEN lower(author) = lower(applied_by) THEN format('{} wrote and applied it, and nobody else approved it', author)
        ELSE format('{} wrote it, {} applied it', author, applied_by)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
