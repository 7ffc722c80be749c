-- ---
-- id: GOV-04.T2
-- title: Everyone in the register reports to somebody, but for one
-- control: GOV-04
-- nature: inspection
-- population: every person of the register who works here on the day it was looked at
-- tables:
--   population.people: [system, observed_at, person_uid, name, manager_uid, started_on, ended_on]
-- pass: a manager is named, or the person is the only one without
-- deviation: no manager is named, and others have none either
-- unable: >-
--   the register does not say who it is or when the person began, or names no manager of anybody
-- blind: whether the manager still works here and leads in truth
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, person_uid ORDER BY listed) AS copy
    FROM population.people AS listed
    WHERE ended_on IS NULL OR observed_at IS NULL OR ended_on >= observed_at::DATE
),
kept AS (
    SELECT
        system,
        count(manager_uid) AS led,
        count(*) - count(manager_uid) AS heads
    FROM named
    GROUP BY system
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.person_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN n.person_uid IS NULL OR n.started_on IS NULL OR n.observed_at IS NULL OR coalesce(k.led, 0) = 0 THEN 'unable'
        WHEN n.manager_uid IS NOT NULL OR k.heads = 1 THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN n.person_uid IS NULL OR n.started_on IS NULL OR n.observed_at IS NULL THEN 'the register does not say who it is, or since when'
        WHEN coalesce(k.led, 0) = 0 THEN 'the register names no manager of anybody'
        WHEN n.manager_uid IS NOT NULL THEN format('{} reports to {}', coalesce(n.name, n.person_uid), n.manager_uid)
        WHEN k.heads = 1 THEN format('{} is the only one without a manager', coalesce(n.name, n.person_uid))
        ELSE format('{} reports to nobody', coalesce(n.name, n.person_uid))
    END AS reason
FROM named AS n
LEFT JOIN kept AS k ON k.system = n.system
ORDER BY item
