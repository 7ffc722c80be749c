-- ---
-- id: AC-08.T3
-- title: Accounts that can sign in were used within 90 days, in every connected system
-- control: AC-08
-- nature: inspection
-- population: >-
--   every enabled account of a person or of an unknown kind that can sign in, of every connected
--   system
-- tables:
--   population.accounts: [system, account, observed_at, kind, is_enabled, can_sign_in, last_used_at, last_used_known, created_at]
-- parameters: {stale_days: 90}
-- pass: it was used, or made, within so many days before it was looked at
-- deviation: >-
--   its last use is older, or it was never used since the source records use and is older itself
-- unable: the source does not say whether it can sign in, when it was used, or when it was made
-- blind: >-
--   systems that are not connected; use by somebody else than its owner; keys that let in beside a
--   password
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE (kind IS NULL OR kind NOT IN ('service', 'system', 'root')) AND is_enabled IS NOT FALSE AND can_sign_in IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_enabled IS NULL OR can_sign_in IS NULL THEN 'unable'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN 'pass'
        WHEN last_used_at IS NOT NULL AND observed_at IS NOT NULL THEN 'deviation'
        WHEN NOT coalesce(last_used_known, false) OR observed_at IS NULL THEN 'unable'
        WHEN created_at::DATE >= observed_at::DATE - $stale_days THEN 'pass'
        WHEN created_at IS NULL THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_enabled IS NULL OR can_sign_in IS NULL THEN 'the source does not say whether it is enabled and can sign in'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN format('last used {}', last_used_at::DATE)
        WHEN last_used_at IS NOT NULL AND observed_at IS NOT NULL THEN format('last used {}, {} days before', last_used_at::DATE, observed_at::DATE - last_used_at::DATE)
        WHEN NOT coalesce(last_used_known, false) OR observed_at IS NULL THEN 'the source does not say when it was used'
        WHEN created_at::DATE >= observed_at::DATE - $stale_days THEN format('made {}, not used yet', created_at::DATE)
        WHEN created_at IS NULL THEN 'it was never used, and nothing says when it was made'
        ELSE format('made {}, never used since the source records use', created_at::DATE)
    END AS reason
FROM named
ORDER BY item
