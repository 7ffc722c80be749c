-- ---
-- id: LOG-05.T2
-- title: Serious incidents and alerts were taken by somebody within 4 hours
-- control: LOG-05
-- nature: inspection
-- population: >-
--   every incident of the period that the source ranks critical or high, or does not rank
-- tables:
--   population.incidents: [system, occurred_at, incident_uid, severity, detected_at, acknowledged_at, assignee]
-- parameters: {most_minutes: 240}
-- pass: somebody took it within so many minutes after it was noticed
-- deviation: it was taken later, or was not taken and the period is over
-- unable: the source does not rank it, or does not say when it was noticed or taken
-- blind: alerts that nobody made an incident of; what was done then
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, incident_uid ORDER BY listed) AS copy
    FROM population.incidents AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND (severity IS NULL OR severity NOT IN ('low', 'lowest', 'medium', 'minor', 'trivial', 'normal', 'none', 'info', 'informational', 'sev3', 'sev4', 'p3', 'p4'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(incident_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN severity IS NULL OR severity NOT IN ('critical', 'high', 'highest', 'blocker', 'urgent', 'major', 'sev0', 'sev1', 'sev2', 'p0', 'p1', 'p2') OR detected_at IS NULL THEN 'unable'
        WHEN acknowledged_at IS NULL THEN 'unable'
        WHEN date_diff('minute', detected_at, acknowledged_at) <= $most_minutes THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN severity IS NULL OR severity NOT IN ('critical', 'high', 'highest', 'blocker', 'urgent', 'major', 'sev0', 'sev1', 'sev2', 'p0', 'p1', 'p2') OR detected_at IS NULL THEN 'the source does not rank it in a way that this test knows, or does not say when it was noticed'
        WHEN acknowledged_at IS NULL THEN 'nothing says when it was taken'
        WHEN date_diff('minute', detected_at, acknowledged_at) <= $most_minutes THEN format('taken after {} minutes', date_diff('minute', detected_at, acknowledged_at))
        ELSE format('taken after {} minutes by {}', date_diff('minute', detected_at, acknowledged_at), coalesce(assignee, 'somebody'))
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
