-- ---
-- id: AC-16.T5
-- title: Privileged roles of cloud accounts were used within 90 days
-- control: AC-16
-- nature: inspection
-- population: >-
--   every role of the connected AWS accounts that can grant itself more, or of which that is not known
-- tables:
--   aws.roles: [system, role, observed_at, is_privileged, privileges, last_used_at]
-- parameters: {stale_days: 90}
-- pass: it was used within so many days before it was looked at
-- deviation: its last use is older
-- unable: >-
--   AWS says of no use: it is older than 400 days, or there was none; or it is not known whether the
--   role is privileged
-- blind: which of its rights were used; emergency roles that are sealed and rest on purpose
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, role ORDER BY listed) AS copy
    FROM aws.roles AS listed
    WHERE is_privileged IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(role::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_privileged IS NULL THEN 'unable'
        WHEN last_used_at IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_privileged IS NULL THEN 'not known whether it is privileged'
        WHEN last_used_at IS NULL OR observed_at IS NULL THEN 'AWS says of no use within 400 days'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN format('last used {}', last_used_at::DATE)
        ELSE format('last used {}, {} days before; it has {}', last_used_at::DATE, observed_at::DATE - last_used_at::DATE, coalesce(privileges, 'privileges that are not named'))
    END AS reason
FROM named
ORDER BY item
