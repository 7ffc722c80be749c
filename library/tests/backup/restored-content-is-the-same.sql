-- ---
-- id: BCK-02.T2
-- title: What was restored is what was backed up
-- control: BCK-02
-- nature: inspection
-- population: every restore of the period
-- tables:
--   population.restores: [system, occurred_at, backup_uid, subject, is_success, files_compared, files_different]
-- pass: everything came back, at least one file was compared, and none differs
-- deviation: something did not come back, or a file differs
-- unable: the source does not say whether everything came back, or nothing was compared
-- blind: whether the application works with it; how long a restore of everything takes
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, backup_uid, subject, occurred_at ORDER BY listed) AS copy
    FROM population.restores AS listed
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(
        ' ', coalesce(system, 'unknown system'), coalesce(backup_uid, 'unnamed'), coalesce(subject, 'unnamed'),
        occurred_at, CASE WHEN copy > 1 THEN copy END
    ) AS item,
    CASE
        WHEN occurred_at IS NULL OR is_success IS NULL THEN 'unable'
        WHEN NOT is_success OR files_different > 0 THEN 'deviation'
        WHEN coalesce(files_compared, 0) = 0 OR files_different IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL OR is_success IS NULL THEN 'the source does not say when it was, or whether everything came back'
        WHEN files_different > 0 THEN format('{} files differ', files_different)
        WHEN NOT is_success THEN 'not everything came back'
        WHEN coalesce(files_compared, 0) = 0 OR files_different IS NULL THEN 'nothing was compared'
        ELSE format('{} files compared, none differs', files_compared)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
