-- ---
-- id: CRY-01.T3
-- title: Every store of the connected clouds is encrypted at rest
-- control: CRY-01
-- nature: inspection
-- population: >-
--   everything that the connected systems list as holding data at rest, or of which nothing says
--   that it does not
-- tables:
--   population.encryption: [system, resource, kind, is_in_transit, is_encrypted, algorithm]
-- pass: it is encrypted
-- deviation: it is not encrypted
-- unable: the source does not say whether it holds data at rest, or whether it is encrypted
-- blind: who has the keys; data inside machines; systems that are not connected
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, resource, kind ORDER BY listed) AS copy
    FROM population.encryption AS listed
    WHERE is_in_transit IS NOT TRUE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(resource, 'unnamed'), coalesce(kind, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_in_transit IS NULL THEN 'unable'
        WHEN is_encrypted THEN 'pass'
        WHEN NOT is_encrypted THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_in_transit IS NULL THEN 'the source does not say whether data rests or moves there'
        WHEN is_encrypted THEN format('encrypted, {}', coalesce(algorithm, 'algorithm not named'))
        WHEN NOT is_encrypted THEN 'it is not encrypted'
        ELSE 'the source does not say whether it is encrypted'
    END AS reason
FROM named
ORDER BY item
