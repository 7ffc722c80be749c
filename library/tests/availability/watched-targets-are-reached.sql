-- ---
-- id: AVL-02.T5
-- title: What is to be watched is reached by the server that watches it
-- control: AVL-02
-- nature: inspection
-- population: every target of the connected Prometheus servers that no rule of theirs left out
-- tables:
--   prometheus.targets: [system, pool, target, state, error, asked_at]
-- pass: the server reached it when it asked last
-- deviation: it did not
-- unable: it was not asked yet, or its state is not known
-- blind: >-
--   what nobody told the server to watch; targets that a rule left out, which the table has; whether it
--   was reached at other moments
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, pool, target ORDER BY listed) AS copy
    FROM prometheus.targets AS listed
    WHERE state IS DISTINCT FROM 'dropped'
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(pool, 'unnamed'), coalesce(target, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN state = 'down' THEN 'deviation'
        WHEN state IS DISTINCT FROM 'up' OR asked_at IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN state = 'down' THEN format('not reached: {}', coalesce(error, 'nothing says why'))
        WHEN state IS DISTINCT FROM 'up' OR asked_at IS NULL THEN 'not known whether it is reached'
        ELSE format('reached at {}', asked_at)
    END AS reason
FROM named
ORDER BY item
