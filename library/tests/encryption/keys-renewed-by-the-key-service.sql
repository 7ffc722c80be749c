-- ---
-- id: CRY-04.T3
-- title: The key service renews each key at least once a year
-- control: CRY-04
-- nature: inspection
-- population: every key of the organization's own in AWS KMS that is in use
-- tables:
--   aws.keys: [system, key_uid, is_own, state, is_rotated, rotation_days]
-- parameters: {most_days: 365}
-- pass: AWS renews it at least every so many days
-- deviation: AWS could renew it and does not, or does so more rarely
-- unable: AWS cannot renew it (a key pair, or material that was imported), or does not say
-- blind: >-
--   who may use the key; keys that are renewed by hand, which AWS cannot tell; data that was encrypted
--   with what the key was before
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, key_uid ORDER BY listed) AS copy
    FROM aws.keys AS listed
    WHERE is_own IS NOT FALSE AND (state IS NULL OR state NOT IN ('Disabled', 'PendingDeletion', 'PendingReplicaDeletion', 'PendingImport', 'Unavailable', 'Creating'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(key_uid::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_own IS NULL OR state IS DISTINCT FROM 'Enabled' THEN 'unable'
        WHEN NOT is_rotated THEN 'deviation'
        WHEN is_rotated IS NULL THEN 'unable'
        WHEN rotation_days IS NULL THEN 'unable'
        WHEN rotation_days <= $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_own IS NULL OR state IS DISTINCT FROM 'Enabled' THEN 'not known whose key it is, or whether it is in use'
        WHEN NOT is_rotated THEN 'AWS does not renew it'
        WHEN is_rotated IS NULL THEN 'AWS cannot renew it, or does not say whether it does'
        WHEN rotation_days IS NULL THEN 'renewed by AWS; how often is not known'
        WHEN rotation_days <= $most_days THEN format('renewed every {} days', rotation_days)
        ELSE format('renewed every {} days; {} are allowed', rotation_days, $most_days)
    END AS reason
FROM named
ORDER BY item
