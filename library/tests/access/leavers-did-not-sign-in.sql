-- ---
-- id: AC-10.T3
-- title: Nobody signed in after the last day of work
-- control: AC-10
-- nature: inspection
-- population: >-
--   every person who left in the period, matched by e-mail address with accounts and their sign-
--   ins
-- tables:
--   population.leavers: [system, person_uid, email, left_at]
--   population.accounts: [system, account, email]
--   population.sign_ins: [system, account, occurred_at, is_success]
-- over_period: [population.leavers, population.sign_ins]
-- pass: no sign-in to an account with the address succeeded after the last day of work
-- deviation: one did
-- unable: >-
--   the day or the address is not known, no account has the address, or the source does not say
--   whose a sign-in was, when it was or whether it succeeded
-- blind: >-
--   sessions that stayed open; keys and tokens; accounts with another address; sign-ins after the
--   period
-- ---
WITH gone AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, person_uid ORDER BY listed) AS copy
    FROM population.leavers AS listed
    WHERE left_at IS NULL OR left_at::DATE BETWEEN $period_first AND $period_last
),
used AS (
    SELECT
        lower(a.email) AS email,
        s.system = a.system AND s.account = a.account AS is_theirs,
        s.occurred_at,
        s.is_success
    FROM population.accounts AS a
    INNER JOIN population.sign_ins AS s
        ON (s.system = a.system OR s.system IS NULL OR a.system IS NULL)
        AND (s.account = a.account OR s.account IS NULL OR a.account IS NULL)
),
matched AS (
    SELECT
        g.system,
        g.person_uid,
        g.copy,
        g.email,
        g.left_at,
        (SELECT count(*) FROM population.accounts AS a WHERE lower(a.email) = lower(g.email)) AS accounts,
        count_if(u.is_theirs AND u.occurred_at > g.left_at AND u.is_success) AS later,
        count_if(
            u.email IS NOT NULL
            AND coalesce(u.occurred_at > g.left_at, true)
            AND u.is_success IS NOT FALSE
            AND (u.is_theirs IS NULL OR u.occurred_at IS NULL OR u.is_success IS NULL)
        ) AS unclear
    FROM gone AS g
    LEFT JOIN used AS u ON u.email = lower(g.email)
    GROUP BY g.system, g.person_uid, g.copy, g.email, g.left_at
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(person_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN left_at IS NULL OR email IS NULL THEN 'unable'
        WHEN later > 0 THEN 'deviation'
        WHEN accounts = 0 OR unclear > 0 THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN left_at IS NULL THEN 'the day on which the person left is not known'
        WHEN email IS NULL THEN 'the address that leads to the accounts is not known'
        WHEN later > 0 THEN format('left {}, {} sign-ins succeeded after it', left_at, later)
        WHEN accounts = 0 THEN 'no account has the address'
        WHEN unclear > 0 THEN 'the source does not say whose a sign-in was, when it was, or whether it succeeded'
        ELSE format('left {}, no sign-in after it', left_at)
    END AS reason,
    left_at AS occurred_at
FROM matched
ORDER BY occurred_at, item
