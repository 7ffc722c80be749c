-- ---
-- id: AC-01.T3
-- title: Privileged accounts that can sign in were used within 90 days
-- control: AC-01
-- nature: inspection
-- population: >-
--   every enabled account of every connected system that can grant itself more and that can sign
--   in
-- tables:
--   population.accounts: [system, account, observed_at, is_enabled, can_sign_in, is_privileged, last_used_at, last_used_known]
-- parameters: {stale_days: 90}
-- pass: it was used within so many days before it was looked at
-- deviation: its last use is older, or it was never used since the source records use
-- unable: >-
--   the source does not say whether it is privileged, enabled or can sign in, or when it was used
-- blind: >-
--   privileges inside an application; use by somebody else than its owner; systems that are not
--   connected
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE is_privileged IS NOT FALSE AND is_enabled IS NOT FALSE AND can_sign_in IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_privileged IS NULL OR is_enabled IS NULL OR can_sign_in IS NULL THEN 'unable'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN 'pass'
        WHEN last_used_at IS NOT NULL AND observed_at IS NOT NULL THEN 'deviation'
        WHEN coalesce(last_used_known, false) AND observed_at IS NOT NULL THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_privileged IS NULL OR is_enabled IS NULL OR can_sign_in IS NULL THEN 'the source does not say whether it is privileged, enabled and able to sign in'
        WHEN last_used_at::DATE >= observed_at::DATE - $stale_days THEN format('last used {}', last_used_at::DATE)
        WHEN last_used_at IS NOT NULL AND observed_at IS NOT NULL THEN format('last used {}, {} days before', last_used_at::DATE, observed_at::DATE - last_used_at::DATE)
        WHEN coalesce(last_used_known, false) AND observed_at IS NOT NULL THEN 'it was never used since the source records use'
        ELSE 'the source does not say when it was used'
    END AS reason
FROM named
ORDER BY item
