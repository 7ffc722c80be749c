-- ---
-- id: BCK-03.T3
-- title: Backups may be removed only after 30 days
-- control: BCK-03
-- nature: inspection
-- population: every backup of the period that is whole, or of which nothing says that it is not
-- tables:
--   population.backups: [system, occurred_at, backup_uid, is_success, expires_at]
-- parameters: {least_days: 30}
-- pass: it may be removed so many days after it was made, or later
-- deviation: it may be removed earlier
-- unable: the source does not say whether it is whole, or when it may be removed
-- blind: >-
--   whether it was removed all the same; backups that never expire, of which a source says nothing
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
        WHEN is_success IS NULL OR expires_at IS NULL THEN 'unable'
        WHEN expires_at::DATE >= occurred_at::DATE + $least_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_success IS NULL OR expires_at IS NULL THEN 'the source does not say whether it is whole, or when it may be removed'
        WHEN expires_at::DATE >= occurred_at::DATE + $least_days THEN format('kept until {}', expires_at::DATE)
        ELSE format('it may be removed on {}', expires_at::DATE)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
