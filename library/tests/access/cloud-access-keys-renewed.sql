-- ---
-- id: AC-14.T3
-- title: Access keys of cloud accounts were made within the last year
-- control: AC-14
-- nature: inspection
-- population: every access key of the connected AWS accounts that can be used, the owner's own included
-- tables:
--   aws.access_keys: [system, account, key, observed_at, is_active, rotated_at]
-- parameters: {most_days: 365}
-- pass: it was made within so many days before it was looked at
-- deviation: it is older
-- unable: >-
--   AWS does not say whether it can be used, or since when it is there; or it was made after it was
--   looked at
-- blind: >-
--   keys that were replaced and not deleted at the place where they are used; keys of services other
--   than IAM; where the key is kept
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account, key ORDER BY listed) AS copy
    FROM aws.access_keys AS listed
    WHERE is_active IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), 'key', coalesce(key::VARCHAR, 'unnumbered'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_active IS NULL THEN 'unable'
        WHEN rotated_at IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN rotated_at > observed_at THEN 'unable'
        WHEN observed_at::DATE - rotated_at::DATE <= $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_active IS NULL THEN 'not known whether it can be used'
        WHEN rotated_at IS NULL OR observed_at IS NULL THEN 'not known since when it is there'
        WHEN rotated_at > observed_at THEN format('made on {}, after it was looked at: a clock is wrong', rotated_at)
        WHEN observed_at::DATE - rotated_at::DATE <= $most_days THEN format('made on {}, {} days before', rotated_at::DATE, observed_at::DATE - rotated_at::DATE)
        ELSE format('made on {}, {} days before; {} are allowed', rotated_at::DATE, observed_at::DATE - rotated_at::DATE, $most_days)
    END AS reason
FROM named
ORDER BY item
