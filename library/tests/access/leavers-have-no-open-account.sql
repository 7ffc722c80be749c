-- ---
-- id: AC-10.T2
-- title: No account of a leaver is open after the next business day
-- control: AC-10
-- nature: inspection
-- population: >-
--   every person who left in the period, matched by e-mail address with the accounts of every
--   connected system
-- tables:
--   population.leavers: [system, person_uid, email, left_at]
--   population.accounts: [email, is_enabled, observed_at]
-- over_period: [population.leavers]
-- pass: every account with the address that was looked at after the next business day is closed
-- deviation: one of them is open
-- unable: >-
--   the day or the address of the leaver is not known, no account has the address, the source does
--   not say whether an account is enabled, or every system was looked at before the day was over
-- blind: >-
--   when an account was closed, and whether it was used until then; accounts with another address;
--   holidays; systems that are not connected
-- ---
WITH gone AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, person_uid ORDER BY listed) AS copy
    FROM population.leavers AS listed
    WHERE left_at IS NULL OR left_at::DATE BETWEEN $period_first AND $period_last
),
looked AS (
    SELECT max(observed_at) AS last_look FROM population.accounts
),
matched AS (
    SELECT
        g.system,
        g.person_uid,
        g.copy,
        g.email,
        g.left_at,
        max(l.last_look) AS last_look,
        count_if(a.observed_at::DATE > next_business_day(g.left_at::DATE) AND a.is_enabled) AS still_open,
        count_if(a.email IS NOT NULL AND (a.is_enabled IS NULL OR a.observed_at IS NULL)) AS unclear,
        count_if(a.observed_at::DATE > next_business_day(g.left_at::DATE) AND NOT a.is_enabled) AS closed,
        count(a.email) AS accounts
    FROM gone AS g
    CROSS JOIN looked AS l
    LEFT JOIN population.accounts AS a ON lower(a.email) = lower(g.email)
    GROUP BY g.system, g.person_uid, g.copy, g.email, g.left_at
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(person_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN left_at IS NULL OR email IS NULL THEN 'unable'
        WHEN still_open > 0 THEN 'deviation'
        WHEN unclear > 0 THEN 'unable'
        WHEN last_look IS NULL OR last_look::DATE <= next_business_day(left_at::DATE) THEN 'unable'
        WHEN accounts = 0 OR closed < accounts THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN left_at IS NULL THEN 'the day on which the person left is not known'
        WHEN email IS NULL THEN 'the address that leads to the accounts is not known'
        WHEN still_open > 0 THEN format('left {}, {} accounts are open after the next business day', left_at::DATE, still_open)
        WHEN unclear > 0 THEN 'the source does not say whether an account is enabled'
        WHEN last_look IS NULL OR last_look::DATE <= next_business_day(left_at::DATE) THEN 'no system was looked at after the next business day'
        WHEN accounts = 0 THEN 'no account has the address'
        WHEN closed < accounts THEN 'a system was looked at only before the next business day was over'
        ELSE format('left {}, {} accounts, none is open', left_at::DATE, accounts)
    END AS reason,
    left_at AS occurred_at
FROM matched
ORDER BY occurred_at, item
