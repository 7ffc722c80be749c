-- ---
-- id: BCK-05.T2
-- title: Every store of data is backed up
-- control: BCK-05
-- nature: inspection
-- population: every database, volume and bucket that the connected clouds list
-- tables:
--   population.assets: [system, asset_uid, name, kind, is_backed_up]
-- pass: it is backed up
-- deviation: it is not backed up
-- unable: the source does not say what kind of asset it is, or whether it is backed up
-- blind: how often, and whether the backup can be restored; stores inside machines
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, asset_uid ORDER BY listed) AS copy
    FROM population.assets AS listed
    WHERE (kind IS NULL OR kind NOT IN ('repository', 'project', 'instance', 'host', 'endpoint', 'service', 'snapshot', 'image'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(asset_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN kind IS NULL OR kind NOT IN ('database', 'volume', 'bucket') THEN 'unable'
        WHEN is_backed_up THEN 'pass'
        WHEN NOT is_backed_up THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN kind IS NULL OR kind NOT IN ('database', 'volume', 'bucket') THEN 'the source names no kind of asset that this test knows'
        WHEN is_backed_up THEN format('{} {} is backed up', kind, coalesce(name, asset_uid, 'it'))
        WHEN NOT is_backed_up THEN format('{} {} is not backed up', kind, coalesce(name, asset_uid, 'it'))
        ELSE 'the source does not say whether it is backed up'
    END AS reason
FROM named
ORDER BY item
