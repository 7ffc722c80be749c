-- ---
-- id: REC-03
-- title: Leavers against their accounts
-- left: people who left in the period, as the register of people (HR) has them
-- right: accounts with their e-mail address, as each system lists them
-- tables:
--   population.leavers: [system, person_uid, email, left_at, evidence_blob, evidence_at]
--   population.accounts: [system, observed_at, account, account_uid, email, is_enabled, evidence_blob, evidence_at]
-- roles: {population.leavers: HR roster}
-- over_period: [population.leavers]
-- agrees: each account of the leaver is disabled, or none is listed any more
-- differs: an account of the leaver was still enabled when it was seen after they left
-- unable: the leaver has no e-mail address; or the accounts were last seen before they left; or a system does not say
-- blind: >-
--   accounts with another address than the register has; how many hours after the last day the
--   account was disabled; accounts whose list was taken by nobody
-- ---
WITH leavers AS (
    SELECT
        system, lower(email) AS email, left_at, coalesce(person_uid, email, '?') AS person,
        row_number() OVER (
            PARTITION BY system, coalesce(person_uid, email, '?') ORDER BY left_at, evidence_blob, evidence_at
        ) AS n
    FROM population.leavers
    WHERE left_at IS NULL OR left_at::DATE BETWEEN $period_first AND $period_last
),
accounts AS (
    SELECT
        system, observed_at, lower(email) AS email, is_enabled, coalesce(account, account_uid, '?') AS account,
        row_number() OVER (
            PARTITION BY system, coalesce(account, account_uid, '?') ORDER BY evidence_blob, evidence_at
        ) AS n
    FROM population.accounts
),
seen AS (SELECT max(observed_at) AS last_at FROM accounts),
pairs AS (
    SELECT
        format('{} {}{}', coalesce(l.system, '?'), l.person, CASE WHEN l.n > 1 THEN format(' #{}', l.n) ELSE '' END) AS leaver,
        l.email, l.left_at, a.account, a.is_enabled, coalesce(a.observed_at, seen.last_at) AS observed_at,
        CASE
            WHEN a.account IS NULL THEN ''
            ELSE format(' at {} {}{}', coalesce(a.system, '?'), a.account, CASE WHEN a.n > 1 THEN format(' #{}', a.n) ELSE '' END)
        END AS place
    FROM leavers l CROSS JOIN seen LEFT JOIN accounts a ON a.email = l.email
)
SELECT
    leaver || place AS item,
    CASE
        WHEN email IS NULL OR left_at IS NULL OR observed_at IS NULL OR observed_at < left_at THEN 'unable'
        WHEN account IS NULL THEN 'pass'
        WHEN is_enabled IS NULL THEN 'unable'
        WHEN is_enabled THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN email IS NULL THEN 'the register has no e-mail address'
        WHEN left_at IS NULL THEN 'the register does not say when they left'
        WHEN observed_at IS NULL THEN 'no account was listed at all'
        WHEN observed_at < left_at THEN format('accounts were last seen on {}, before they left on {}', observed_at::DATE, left_at::DATE)
        WHEN account IS NULL THEN format('no account of {} is listed on {}', email, observed_at::DATE)
        WHEN is_enabled IS NULL THEN 'the system does not say whether it is enabled'
        WHEN is_enabled THEN format('still enabled on {}, and they left on {}', observed_at::DATE, left_at::DATE)
        ELSE format('disabled on {}', observed_at::DATE)
    END AS reason,
    left_at AS occurred_at
FROM pairs
ORDER BY item
