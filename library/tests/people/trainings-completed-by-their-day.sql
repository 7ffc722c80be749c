-- ---
-- id: HR-03.T2
-- title: Each training that was due was completed by its day
-- control: HR-03
-- nature: inspection
-- population: every training that was due on a day of the period, by person
-- tables:
--   population.trainings: [system, person_uid, course, due_on, completed_at]
-- pass: it was completed on that day or before
-- deviation: it was completed later, or not at all and the day is over
-- unable: the source does not say when it was due or for whom
-- blind: what was learned; people who were not asked
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, person_uid, course, due_on ORDER BY listed) AS copy
    FROM population.trainings AS listed
    WHERE due_on IS NULL OR due_on BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(
        ' ', coalesce(system, 'unknown system'), coalesce(person_uid, 'unnamed'), coalesce(course, 'unnamed'),
        due_on, CASE WHEN copy > 1 THEN copy END
    ) AS item,
    CASE
        WHEN due_on IS NULL OR person_uid IS NULL THEN 'unable'
        WHEN completed_at::DATE <= due_on THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN due_on IS NULL OR person_uid IS NULL THEN 'the source does not say for whom it was due, or when'
        WHEN completed_at IS NULL THEN format('due {}, not completed', due_on)
        ELSE format('due {}, completed {}', due_on, completed_at::DATE)
    END AS reason,
    due_on::TIMESTAMP AS occurred_at
FROM named
ORDER BY occurred_at, item
