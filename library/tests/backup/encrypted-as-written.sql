-- ---
-- id: BCK-03.T2
-- title: Every backup of the period is encrypted
-- control: BCK-03
-- nature: inspection
-- population: every backup of the period that is whole, or of which nothing says that it is not
-- tables:
--   population.backups: [system, occurred_at, backup_uid, subject, is_success, is_encrypted]
-- pass: it is encrypted
-- deviation: it is not encrypted
-- unable: the source does not say whether it is whole or encrypted
-- blind: who has the key; copies that are made elsewhere
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, backup_uid ORDER BY listed) AS copy
    FROM population.backups AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND is_success IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(backup_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_success IS NULL THEN 'unable'
        WHEN is_encrypted THEN 'pass'
        WHEN NOT is_encrypted THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_success IS NULL THEN 'the source does not say whether it is whole'
        WHEN is_encrypted THEN format('{} is encrypted', coalesce(subject, 'it'))
        WHEN NOT is_encrypted THEN format('{} is not encrypted', coalesce(subject, 'it'))
        ELSE 'the source does not say whether it is encrypted'
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
