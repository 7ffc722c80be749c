-- ---
-- id: INC-01.T2
-- title: Each incident is ranked and given to somebody
-- control: INC-01
-- nature: inspection
-- population: every incident of the period that the ticket systems list
-- tables:
--   population.incidents: [system, occurred_at, incident_uid, severity, assignee, detected_at]
-- pass: it has a severity and somebody who has it
-- deviation: >-
--   it has no severity or nobody has it, although the same system ranks and assigns others
-- unable: >-
--   the system ranks or assigns none of its incidents, so that nothing says whether it keeps such
--   facts
-- blind: whether the rank is right; incidents that nobody entered
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, incident_uid ORDER BY listed) AS copy
    FROM population.incidents AS listed
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
),
kept AS (
    SELECT
        system,
        count(severity) > 0 AS ranks,
        count(assignee) > 0 AS assigns
    FROM named
    GROUP BY system
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.incident_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN n.occurred_at IS NULL OR n.detected_at IS NULL OR NOT coalesce(k.ranks AND k.assigns, false) THEN 'unable'
        WHEN n.severity IS NOT NULL AND n.assignee IS NOT NULL THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN n.occurred_at IS NULL OR n.detected_at IS NULL THEN 'the source does not say when it was or when it was noticed'
        WHEN NOT coalesce(k.ranks AND k.assigns, false) THEN 'the system ranks or assigns no incident at all'
        WHEN n.severity IS NOT NULL AND n.assignee IS NOT NULL THEN format('{}, {} has it', n.severity, n.assignee)
        WHEN n.severity IS NULL THEN 'it has no severity'
        ELSE 'nobody has it'
    END AS reason,
    n.occurred_at
FROM named AS n
LEFT JOIN kept AS k ON k.system = n.system
ORDER BY n.occurred_at, item
