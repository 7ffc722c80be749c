-- ---
-- id: AC-16.T3
-- title: No store of data can be read by anybody
-- control: AC-16
-- nature: inspection
-- population: every database, volume, snapshot and bucket that the connected clouds list
-- tables:
--   population.assets: [system, asset_uid, name, kind, is_public]
-- pass: it cannot be read by anybody
-- deviation: anybody can read it
-- unable: the source does not say what kind of asset it is, or whether anybody can read it
-- blind: >-
--   stores that are meant to be public, which an exception names; access by many named accounts
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, asset_uid ORDER BY listed) AS copy
    FROM population.assets AS listed
    WHERE (kind IS NULL OR kind NOT IN ('repository', 'project', 'instance', 'host', 'endpoint', 'service'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(asset_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN kind IS NULL OR kind NOT IN ('database', 'volume', 'snapshot', 'bucket') THEN 'unable'
        WHEN is_public THEN 'deviation'
        WHEN NOT is_public THEN 'pass'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN kind IS NULL OR kind NOT IN ('database', 'volume', 'snapshot', 'bucket') THEN 'the source names no kind of asset that this test knows'
        WHEN is_public THEN format('anybody can read {} {}', kind, coalesce(name, asset_uid, 'it'))
        WHEN NOT is_public THEN format('{} {} is not public', kind, coalesce(name, asset_uid, 'it'))
        ELSE 'the source does not say whether anybody can read it'
    END AS reason
FROM named
ORDER BY item
