-- ---
-- id: PRV-21.T2
-- title: Each refusal of a request names its reason and who decided
-- control: PRV-21
-- nature: inspection
-- population: >-
--   every request of the period that was denied, or of which nothing says what came of it although
--   it was answered
-- tables:
--   population.data_requests: [system, occurred_at, request_uid, answered_at, outcome, reason, handled_by]
-- pass: a reason and a person are named
-- deviation: the reason or the person is missing, although the same system names them for others
-- unable: the source does not say what came of it, or names reasons and people for no refusal
-- blind: whether a second person decided, and whether the reason holds
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, request_uid ORDER BY listed) AS copy
    FROM population.data_requests AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND ((outcome IS NULL AND answered_at IS NOT NULL) OR outcome NOT IN ('fulfilled', 'partly', 'withdrawn'))
),
kept AS (
    SELECT
        system,
        count(reason) > 0 AND count(handled_by) > 0 AS says_why
    FROM named
    GROUP BY system
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.request_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN n.occurred_at IS NULL OR n.outcome IS DISTINCT FROM 'denied' OR NOT coalesce(k.says_why, false) THEN 'unable'
        WHEN n.reason IS NOT NULL AND n.handled_by IS NOT NULL THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN n.occurred_at IS NULL OR n.outcome IS DISTINCT FROM 'denied' THEN 'the source does not say when it was, or what came of it'
        WHEN NOT coalesce(k.says_why, false) THEN 'the system names reasons and people for no refusal'
        WHEN n.reason IS NULL THEN 'no reason is named'
        WHEN n.handled_by IS NULL THEN 'nobody is named who decided'
        ELSE format('{}: {}', n.handled_by, n.reason)
    END AS reason,
    n.occurred_at
FROM named AS n
LEFT JOIN kept AS k ON k.system = n.system
ORDER BY n.occurred_at, item
