-- ---
-- id: CRY-04.T2
-- title: Stores are encrypted with keys that the organization manages
-- control: CRY-04
-- nature: inspection
-- population: >-
--   everything that the connected systems list as encrypted at rest, or of which nothing says that
--   it is not
-- tables:
--   population.encryption: [system, resource, kind, is_in_transit, is_encrypted, is_own_key, key_uid]
-- pass: the organization manages the key
-- deviation: the provider manages the key
-- unable: the source does not say whether it is encrypted at rest, or who manages the key
-- blind: who may use the key, and when it is renewed
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, resource, kind ORDER BY listed) AS copy
    FROM population.encryption AS listed
    WHERE is_in_transit IS NOT TRUE AND is_encrypted IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(resource, 'unnamed'), coalesce(kind, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_in_transit IS NULL OR is_encrypted IS NULL THEN 'unable'
        WHEN is_own_key THEN 'pass'
        WHEN NOT is_own_key THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_in_transit IS NULL OR is_encrypted IS NULL THEN 'the source does not say whether it is encrypted at rest'
        WHEN is_own_key THEN format('key {}', coalesce(key_uid, 'not named'))
        WHEN NOT is_own_key THEN 'the provider manages the key'
        ELSE 'the source does not say who manages the key'
    END AS reason
FROM named
ORDER BY item
