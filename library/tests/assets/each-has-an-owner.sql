-- ---
-- id: AST-01.T2
-- title: Every asset that a system lists has an owner, where the system keeps owners
-- control: AST-01
-- nature: inspection
-- population: every asset of every connected system
-- tables:
--   population.assets: [system, asset_uid, kind, owner]
-- pass: an owner is named
-- deviation: none is named, although the same system names owners of others
-- unable: >-
--   the system names no owner of any asset, so that nothing says whether it keeps them; or its id
--   is missing
-- blind: whether the owner works here and knows of it; assets that no system lists
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, asset_uid ORDER BY listed) AS copy
    FROM population.assets AS listed
),
kept AS (
    SELECT
        system,
        count(owner) > 0 AS keeps_owners
    FROM named
    GROUP BY system
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.asset_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN NOT coalesce(k.keeps_owners, false) OR n.asset_uid IS NULL THEN 'unable'
        WHEN n.owner IS NOT NULL THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN NOT coalesce(k.keeps_owners, false) THEN 'the system names no owner of any asset'
        WHEN n.asset_uid IS NULL THEN 'the source does not say which asset it is'
        WHEN n.owner IS NOT NULL THEN format('{} answers for it', n.owner)
        ELSE format('nobody is named for this {}', coalesce(n.kind, 'asset'))
    END AS reason
FROM named AS n
LEFT JOIN kept AS k ON k.system = n.system
ORDER BY item
