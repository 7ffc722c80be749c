-- ---
-- id: AC-09.T2
-- title: Nobody granted access to themselves
-- control: AC-09
-- nature: inspection
-- population: >-
--   every grant, creation or change of access in the period that took effect, or of which nothing
--   says that it did not
-- tables:
--   population.access_grants: [system, occurred_at, event_uid, action, by_account, account, privilege, is_success]
-- pass: somebody else than who gets the access granted it
-- deviation: who gets the access granted it
-- unable: the source does not say who granted it, who got it, what was done, or when
-- blind: >-
--   two accounts of one person; whether it was asked for and approved, which the request shows
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, event_uid ORDER BY listed) AS copy
    FROM population.access_grants AS listed
    WHERE (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last) AND is_success IS NOT FALSE AND (action IS NULL OR action NOT IN ('revoked', 'deleted'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(event_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN action IS NULL OR action NOT IN ('created', 'granted', 'changed') OR is_success IS NULL OR by_account IS NULL OR account IS NULL THEN 'unable'
        WHEN lower(by_account) = lower(account) THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN action IS NULL OR action NOT IN ('created', 'granted', 'changed') OR is_success IS NULL OR by_account IS NULL OR account IS NULL THEN 'the source does not say who granted what to whom, or whether it took effect'
        WHEN lower(by_account) = lower(account) THEN format('{} granted {} to themselves', by_account, coalesce(privilege, 'access'))
        ELSE format('{} granted {} to {}', by_account, coalesce(privilege, 'access'), account)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
