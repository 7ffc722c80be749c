-- ---
-- id: LOG-06.T3
-- title: Every alarm of the cloud does something when it rings
-- control: LOG-06
-- nature: inspection
-- population: every alarm of CloudWatch in the connected AWS accounts
-- tables:
--   aws.alarms: [system, alarm_uid, alarm, region, actions, is_acting]
-- pass: it has an action, and its actions are switched on
-- deviation: it has none, or they are switched off
-- unable: its actions are not known
-- blind: >-
--   whether anybody receives what the action sends; alarms that only feed other alarms, which an
--   exception names; whether its threshold is right
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, region, alarm, alarm_uid ORDER BY listed) AS copy
    FROM aws.alarms AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(region, 'unknown region'), coalesce(alarm, alarm_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN actions = 0 OR NOT is_acting THEN 'deviation'
        WHEN actions IS NULL OR is_acting IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN actions = 0 THEN 'it does nothing when it rings'
        WHEN NOT is_acting THEN 'its actions are switched off'
        WHEN actions IS NULL OR is_acting IS NULL THEN 'not known what it does'
        ELSE format('it does {} things', actions)
    END AS reason
FROM named
ORDER BY item
