-- ---
-- id: AC-02.T4
-- title: Accounts of outsiders end by themselves within a year
-- control: AC-02
-- nature: inspection
-- population: every enabled account of a guest or outside collaborator, of every connected system
-- tables:
--   population.accounts: [system, account, observed_at, is_enabled, is_external, expires_at]
-- parameters: {most_days: 366}
-- pass: it stops by itself within so many days
-- deviation: it stops later
-- unable: the source does not say whether it is external or enabled, or whether and when it stops
-- blind: >-
--   whether the outsider still works for us; systems without a date of expiry, which are looked at
--   by hand
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE is_external IS NOT FALSE AND is_enabled IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_external IS NULL OR is_enabled IS NULL THEN 'unable'
        WHEN expires_at IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN expires_at::DATE <= observed_at::DATE + $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_external IS NULL OR is_enabled IS NULL THEN 'the source does not say whether it is an enabled account of an outsider'
        WHEN expires_at IS NULL OR observed_at IS NULL THEN 'nothing says when it stops'
        WHEN expires_at::DATE <= observed_at::DATE + $most_days THEN format('it stops on {}', expires_at::DATE)
        ELSE format('it stops only on {}', expires_at::DATE)
    END AS reason
FROM named
ORDER BY item
