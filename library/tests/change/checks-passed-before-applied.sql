-- ---
-- id: CHG-09.T2
-- title: The automatic checks of each change had passed when it was applied
-- control: CHG-09
-- nature: inspection
-- population: every change to code or infrastructure of the period, or of an unknown kind
-- tables:
--   population.changes: [system, occurred_at, change_uid, kind, checks]
-- pass: its checks passed
-- deviation: they failed, or there were none
-- unable: the source does not say how they ended, or what kind of change it is
-- blind: what the checks test; a check that was switched off
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, change_uid ORDER BY listed) AS copy
    FROM population.changes AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (kind IS NULL OR kind NOT IN ('configuration', 'data'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(change_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN kind IS NULL OR kind NOT IN ('code', 'infrastructure') THEN 'unable'
        WHEN checks = 'passed' THEN 'pass'
        WHEN checks = 'failed' THEN 'deviation'
        WHEN checks = 'none' THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN kind IS NULL OR kind NOT IN ('code', 'infrastructure') THEN 'the source does not say what kind of change it is'
        WHEN checks = 'passed' THEN 'its checks passed'
        WHEN checks = 'failed' THEN 'its checks failed'
        WHEN checks = 'none' THEN 'there were no checks'
        ELSE 'the source does not say how its checks ended'
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
