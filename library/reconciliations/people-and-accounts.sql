-- ---
-- id: REC-01
-- title: People of the register against their accounts
-- left: people at work, as the register of people (HR) has them
-- right: accounts of persons that are not disabled, as the identity provider lists them
-- tables:
--   population.people: [system, observed_at, person_uid, name, email, ended_on, evidence_blob, evidence_at]
--   population.accounts: [system, observed_at, account, account_uid, email, kind, is_enabled, is_external, evidence_blob, evidence_at]
-- roles: {population.people: HR roster, population.accounts: identity provider}
-- over_period: []
-- agrees: the e-mail address stands on both sides, and the person had not left when the account was seen
-- differs: an account of nobody, or of somebody who had left; or somebody at work without any account
-- unable: one of the two has no e-mail address to compare by
-- blind: >-
--   accounts of guests and outside collaborators; people with another address there; other systems;
--   whether the account is one that the person should have
-- ---
WITH people AS (
    SELECT
        system, observed_at, lower(email) AS email, ended_on,
        coalesce(person_uid, email, name, '?') AS person,
        row_number() OVER (
            PARTITION BY system, coalesce(person_uid, email, name, '?') ORDER BY evidence_blob, evidence_at
        ) AS n
    FROM population.people
),
accounts AS (
    SELECT
        system, observed_at, lower(email) AS email,
        coalesce(account, account_uid, '?') AS account,
        row_number() OVER (
            PARTITION BY system, coalesce(account, account_uid, '?') ORDER BY evidence_blob, evidence_at
        ) AS n
    FROM population.accounts
    WHERE coalesce(kind, 'person') = 'person' AND coalesce(is_enabled, true) AND NOT coalesce(is_external, false)
),
known AS (
    SELECT email, max(coalesce(ended_on, DATE '9999-12-31')) AS last_day FROM people WHERE email IS NOT NULL GROUP BY email
),
used AS (
    SELECT email, count(*) AS accounts FROM accounts WHERE email IS NOT NULL GROUP BY email
),
compared AS (
    SELECT
        format('account {} {}{}', coalesce(a.system, '?'), a.account, CASE WHEN a.n > 1 THEN format(' #{}', a.n) ELSE '' END) AS item,
        CASE
            WHEN a.email IS NULL THEN 'unable'
            WHEN k.email IS NULL OR k.last_day < a.observed_at::DATE THEN 'deviation'
            ELSE 'pass'
        END AS outcome,
        CASE
            WHEN a.email IS NULL THEN 'the account has no e-mail address'
            WHEN k.email IS NULL THEN format('nobody in the register of people has {}', a.email)
            WHEN k.last_day < a.observed_at::DATE
                THEN format('{} had left on {}, and the account was there on {}', a.email, k.last_day, a.observed_at::DATE)
            ELSE format('{} stands on both sides', a.email)
        END AS reason
    FROM accounts a LEFT JOIN known k ON k.email = a.email
    UNION ALL
    SELECT
        format('person {} {}{}', coalesce(p.system, '?'), p.person, CASE WHEN p.n > 1 THEN format(' #{}', p.n) ELSE '' END) AS item,
        CASE WHEN p.email IS NULL THEN 'unable' WHEN u.email IS NULL THEN 'deviation' ELSE 'pass' END AS outcome,
        CASE
            WHEN p.email IS NULL THEN 'the register has no e-mail address'
            WHEN u.email IS NULL THEN format('no system lists an account of {}', p.email)
            ELSE format('{} has {} accounts', p.email, u.accounts)
        END AS reason
    FROM people p LEFT JOIN used u ON u.email = p.email
    WHERE p.ended_on IS NULL OR p.ended_on >= p.observed_at::DATE
)
SELECT item, outcome, reason FROM compared ORDER BY item
