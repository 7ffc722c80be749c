-- ---
-- id: AC-02.T5
-- title: Every account of a person belongs to somebody who works here
-- control: AC-02
-- nature: inspection
-- population: >-
--   every enabled account of a person, of every connected system, matched by e-mail address with
--   the register of people
-- tables:
--   population.accounts: [system, account, observed_at, kind, is_enabled, email]
--   population.people: [email, started_on, ended_on]
-- pass: the register has the address, and the person works here on the day
-- deviation: no such person is in the register, or the last day of all with the address is over
-- unable: >-
--   the source does not say whose account it is, what kind it is, or whether it is enabled; or the
--   register does not say when the person began
-- blind: >-
--   two people with one address; accounts of outsiders who are not in the register; systems that
--   are not connected
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM population.accounts AS listed
    WHERE (kind IS NULL OR kind NOT IN ('service', 'system', 'root')) AND is_enabled IS NOT FALSE
),
matched AS (
    SELECT
        a.system,
        a.account,
        a.copy,
        a.email,
        a.observed_at,
        a.is_enabled IS NULL OR a.observed_at IS NULL AS is_unclear,
        a.kind IS DISTINCT FROM 'person' AS is_anything,
        count(p.email) AS people,
        count_if(p.started_on <= a.observed_at::DATE AND (p.ended_on IS NULL OR p.ended_on >= a.observed_at::DATE)) AS working,
        count_if(p.email IS NOT NULL AND p.started_on IS NULL) AS undated,
        max(p.ended_on) AS last_day
    FROM named AS a
    LEFT JOIN population.people AS p ON lower(p.email) = lower(a.email)
    GROUP BY a.system, a.account, a.copy, a.email, a.observed_at, a.kind, a.is_enabled
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_unclear OR email IS NULL THEN 'unable'
        WHEN working > 0 THEN 'pass'
        WHEN is_anything THEN 'unable'
        WHEN undated > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_unclear THEN 'the source does not say whether it is enabled'
        WHEN email IS NULL THEN 'the source does not say whose account it is'
        WHEN working > 0 THEN 'the person works here'
        WHEN is_anything THEN 'nobody with the address works here, and nothing says that it is the account of a person'
        WHEN undated > 0 THEN 'the register does not say when the person began'
        WHEN people > 0 THEN format('nobody with the address works here; last day {}', coalesce(last_day::VARCHAR, 'not known'))
        ELSE 'the register has nobody with the address'
    END AS reason
FROM matched
ORDER BY item
