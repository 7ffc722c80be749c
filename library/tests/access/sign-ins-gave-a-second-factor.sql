-- ---
-- id: AC-13.T3
-- title: Every sign-in of the period gave a second factor
-- control: AC-13
-- nature: inspection
-- population: >-
--   every sign-in of the period that succeeded, or of which nothing says that it did not, to every
--   connected system
-- tables:
--   population.sign_ins: [system, occurred_at, event_uid, account, is_success, is_mfa]
-- pass: a second factor was given
-- deviation: none was given
-- unable: the source does not say whether one was given, or when the sign-in was
-- blind: >-
--   factors that another provider asked for and the source does not know of; sessions that were
--   kept open; programs with keys
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, event_uid ORDER BY listed) AS copy
    FROM population.sign_ins AS listed
    WHERE (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last) AND is_success IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(event_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_success IS NULL THEN 'unable'
        WHEN is_mfa THEN 'pass'
        WHEN NOT is_mfa THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_success IS NULL THEN 'the source does not say whether it succeeded'
        WHEN is_mfa THEN format('{} gave a second factor', coalesce(account, 'somebody'))
        WHEN NOT is_mfa THEN format('{} gave no second factor', coalesce(account, 'somebody'))
        ELSE format('nothing says whether {} gave a second factor', coalesce(account, 'somebody'))
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
