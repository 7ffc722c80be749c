-- ---
-- id: AC-16.T2
-- title: Nobody worked as the account that owns everything
-- control: AC-16
-- nature: inspection
-- population: >-
--   every call of the period to the programming interfaces of the connected clouds that changes
--   something, or of which nothing says that it does not
-- tables:
--   population.api_activity: [system, occurred_at, event_uid, operation, account, account_kind, is_read_only, is_success]
-- pass: another account than the owner of everything made it
-- deviation: the owner of everything made it
-- unable: the source does not say what kind of account made it, or when it was
-- blind: what was done without a call that the source records; calls that only read
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, event_uid ORDER BY listed) AS copy
    FROM population.api_activity AS listed
    WHERE (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last) AND is_read_only IS NOT TRUE AND is_success IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(event_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN account_kind = 'root' THEN 'deviation'
        WHEN account_kind IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN account_kind = 'root' THEN format('{} as the owner of everything', coalesce(operation, 'something'))
        WHEN account_kind IS NULL THEN 'the source does not say what kind of account made it'
        ELSE format('{} by {}', coalesce(operation, 'something'), coalesce(account, account_kind))
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
