-- ---
-- id: PRV-05.T2
-- title: Each request about personal data was answered by its day
-- control: PRV-05
-- nature: inspection
-- population: >-
--   every request of the period that was due by its end, or of which nothing says when it was due
-- tables:
--   population.data_requests: [system, occurred_at, request_uid, kind, due_at, answered_at, outcome]
-- pass: it was answered by then
-- deviation: it was answered later, or not at all
-- unable: nothing says when it had to be answered
-- blind: whether the answer is complete; requests that nobody entered
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, request_uid ORDER BY listed) AS copy
    FROM population.data_requests AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (due_at IS NULL OR due_at::DATE <= $period_last) AND kind IS DISTINCT FROM 'complaint'
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(request_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN due_at IS NULL THEN 'unable'
        WHEN outcome = 'withdrawn' THEN 'pass'
        WHEN answered_at IS NULL THEN 'deviation'
        WHEN answered_at <= due_at THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN due_at IS NULL THEN 'nothing says when it had to be answered'
        WHEN outcome = 'withdrawn' THEN 'it was withdrawn'
        WHEN answered_at IS NULL THEN format('due {}, not answered', due_at::DATE)
        WHEN answered_at <= due_at THEN format('due {}, answered {}', due_at::DATE, answered_at::DATE)
        ELSE format('due {}, answered {}', due_at::DATE, answered_at::DATE)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
