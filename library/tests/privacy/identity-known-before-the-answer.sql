-- ---
-- id: PRV-05.T3
-- title: It was sure who asks before data was handed out
-- control: PRV-05
-- nature: inspection
-- population: >-
--   every answered request of the period to see, correct, move or delete data, or of an unknown
--   kind
-- tables:
--   population.data_requests: [system, occurred_at, request_uid, kind, identified_at, answered_at, outcome]
-- pass: it was sure who asks when it was answered
-- deviation: it was answered before, or never sure
-- unable: the source does not say what was asked, or what came of it
-- blind: how it became sure; data that was handed out without a request
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, request_uid ORDER BY listed) AS copy
    FROM population.data_requests AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (answered_at IS NOT NULL OR outcome IS NOT NULL) AND (outcome IS NULL OR outcome NOT IN ('denied', 'withdrawn')) AND (kind IS NULL OR kind NOT IN ('objection', 'complaint'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(request_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN kind IS NULL OR kind NOT IN ('access', 'correction', 'deletion', 'portability') OR outcome IS NULL OR outcome NOT IN ('fulfilled', 'partly') OR answered_at IS NULL THEN 'unable'
        WHEN identified_at IS NULL THEN 'deviation'
        WHEN identified_at <= answered_at THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN kind IS NULL OR kind NOT IN ('access', 'correction', 'deletion', 'portability') OR outcome IS NULL OR outcome NOT IN ('fulfilled', 'partly') OR answered_at IS NULL THEN 'the source does not say what was asked, when it was answered, or what came of it'
        WHEN identified_at IS NULL THEN format('answered {}, and it was never sure who asks', answered_at::DATE)
        WHEN identified_at <= answered_at THEN format('sure {}, answered {}', identified_at, answered_at)
        ELSE format('answered {}, sure only {}', answered_at, identified_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
