-- ---
-- id: AC-14.T2
-- title: Passwords of service accounts were renewed within a year
-- control: AC-14
-- nature: inspection
-- population: every enabled account of a service that can sign in, of every connected system
-- tables:
--   population.accounts: [system, account, observed_at, kind, is_enabled, can_sign_in, password_changed_at]
-- parameters: {most_days: 365}
-- pass: its password was changed within so many days before it was looked at
-- deviation: its password is older
-- unable: >-
--   the source does not say what kind of account it is, whether it is enabled, or when its
--   password was changed
-- blind: secrets that are no password; where the password is kept, and who knows it
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE (kind IS NULL OR kind NOT IN ('person', 'system', 'root')) AND is_enabled IS NOT FALSE AND can_sign_in IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN kind IS DISTINCT FROM 'service' OR is_enabled IS NULL OR can_sign_in IS NULL THEN 'unable'
        WHEN password_changed_at IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN password_changed_at::DATE >= observed_at::DATE - $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN kind IS DISTINCT FROM 'service' OR is_enabled IS NULL OR can_sign_in IS NULL THEN 'the source does not say whether it is an enabled service account that can sign in'
        WHEN password_changed_at IS NULL OR observed_at IS NULL THEN 'nothing says when its password was changed'
        WHEN password_changed_at::DATE >= observed_at::DATE - $most_days THEN format('changed {}', password_changed_at::DATE)
        ELSE format('changed {}, {} days before', password_changed_at::DATE, observed_at::DATE - password_changed_at::DATE)
    END AS reason
FROM named
ORDER BY item
