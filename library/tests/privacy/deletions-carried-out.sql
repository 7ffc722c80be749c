-- ---
-- id: PRV-19.T2
-- title: Each request to delete was carried out by its day
-- control: PRV-19
-- nature: inspection
-- population: >-
--   every request to delete of the period that was due by its end and not denied or withdrawn, or
--   of an unknown kind
-- tables:
--   population.data_requests: [system, occurred_at, request_uid, kind, due_at, answered_at, outcome]
-- pass: it was fulfilled by its day
-- deviation: it was fulfilled later or in part, or not at all
-- unable: nothing says what was asked, or when it had to be done
-- blind: whether every copy is gone, which the systems show
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, request_uid ORDER BY listed) AS copy
    FROM population.data_requests AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (kind IS NULL OR kind NOT IN ('access', 'correction', 'portability', 'objection', 'complaint')) AND coalesce(outcome, '') NOT IN ('denied', 'withdrawn') AND (due_at IS NULL OR due_at::DATE <= $period_last)
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(request_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN kind IS DISTINCT FROM 'deletion' OR due_at IS NULL THEN 'unable'
        WHEN answered_at IS NULL OR outcome IS NULL THEN 'deviation'
        WHEN outcome <> 'fulfilled' THEN 'deviation'
        WHEN answered_at <= due_at THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN kind IS DISTINCT FROM 'deletion' OR due_at IS NULL THEN 'nothing says what was asked, or when it had to be done'
        WHEN answered_at IS NULL OR outcome IS NULL THEN format('due {}, not carried out', due_at::DATE)
        WHEN outcome <> 'fulfilled' THEN format('{} only', outcome)
        WHEN answered_at <= due_at THEN format('due {}, carried out {}', due_at::DATE, answered_at::DATE)
        ELSE format('due {}, carried out {}', due_at::DATE, answered_at::DATE)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
