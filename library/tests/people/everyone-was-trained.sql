-- ---
-- id: HR-03.T3
-- title: Everyone who works here completed a training within the last year
-- control: HR-03
-- nature: inspection
-- population: >-
--   every person of the register who works here on the last day of the period and began at least
--   30 days before it
-- tables:
--   population.people: [system, person_uid, started_on, ended_on]
--   population.trainings: [person_uid, completed_at]
-- over_period: [population.trainings]
-- parameters: {most_days: 366}
-- pass: a training was completed within a year before the last day of the period
-- deviation: none was
-- unable: the register does not say who it is or when the person began
-- blind: which training it was; people who are not in the register
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, person_uid ORDER BY listed) AS copy
    FROM population.people AS listed
    WHERE
        (ended_on IS NULL OR ended_on > $period_last)
        AND (started_on IS NULL OR started_on + 30 <= $period_last)
),
trained AS (
    SELECT
        person_uid,
        max(completed_at) AS last_on
    FROM population.trainings
    WHERE completed_at IS NULL OR completed_at::DATE <= $period_last
    GROUP BY person_uid
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.person_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN n.person_uid IS NULL OR n.started_on IS NULL THEN 'unable'
        WHEN t.last_on::DATE > $period_last::DATE - $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN n.person_uid IS NULL OR n.started_on IS NULL THEN 'the register does not say who it is or when the person began'
        WHEN t.last_on IS NULL THEN 'no training was completed'
        ELSE format('last training {}', t.last_on::DATE)
    END AS reason
FROM named AS n
LEFT JOIN trained AS t ON t.person_uid = n.person_uid
ORDER BY item
