-- ---
-- id: AC-13.T2
-- title: Every account of a person that can sign in has a second factor
-- control: AC-13
-- nature: inspection
-- population: >-
--   every enabled account of every connected system that can sign in, service and system accounts
--   left out
-- tables:
--   population.accounts: [system, account, kind, is_enabled, can_sign_in, has_mfa]
-- pass: a second factor is set up
-- deviation: none is set up
-- unable: the source does not say whether one is set up, or whether the account is enabled and can sign in
-- blind: >-
--   whether the factor is asked for at every sign-in, and how strong it is; systems that are not
--   connected
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE coalesce(kind, 'person') NOT IN ('service', 'system') AND is_enabled IS NOT FALSE AND can_sign_in IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_enabled IS NULL OR can_sign_in IS NULL THEN 'unable'
        WHEN has_mfa THEN 'pass'
        WHEN NOT has_mfa THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_enabled IS NULL OR can_sign_in IS NULL THEN 'the source does not say whether it is enabled and can sign in'
        WHEN has_mfa THEN 'a second factor is set up'
        WHEN NOT has_mfa THEN 'no second factor is set up'
        ELSE 'the source does not say whether a second factor is set up'
    END AS reason
FROM named
ORDER BY item
