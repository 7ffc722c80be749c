-- ---
-- id: LOG-06.T2
-- title: Every alerting rule is evaluated without error, and its alerts are sent to somebody
-- control: LOG-06
-- nature: inspection
-- population: every rule that alerts, of the connected Prometheus servers
-- tables:
--   prometheus.rules: [system, rule_group, rule, health, error, is_late, receivers]
-- pass: its last evaluation went well and in time, and an Alertmanager is there
-- deviation: its evaluation failed or is long ago, or alerts are sent to nobody
-- unable: one of these is not known, or it was never evaluated
-- blind: >-
--   whether it fires when it should, which setting it off shows; what the Alertmanager does with it
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, rule_group, rule ORDER BY listed) AS copy
    FROM prometheus.rules AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(rule_group, 'unnamed'), coalesce(rule, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN health = 'err' OR is_late OR receivers = 0 THEN 'deviation'
        WHEN health IS DISTINCT FROM 'ok' OR is_late IS NULL OR receivers IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN health = 'err' THEN format('its evaluation failed: {}', coalesce(error, 'nothing says why'))
        WHEN is_late THEN 'it was not evaluated for long'
        WHEN receivers = 0 THEN 'its alerts are sent to nobody'
        WHEN health IS DISTINCT FROM 'ok' OR is_late IS NULL OR receivers IS NULL THEN 'not known whether it works, and who is told'
        ELSE format('it works, and alerts are sent to {} receivers', receivers)
    END AS reason
FROM named
ORDER BY item
