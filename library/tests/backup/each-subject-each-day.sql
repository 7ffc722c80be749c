-- ---
-- id: BCK-01.T3
-- title: Each subject that is backed up was backed up on every day
-- control: BCK-01
-- nature: inspection
-- population: >-
--   every day of the period from the first backup of a subject in it on, for each subject, and the
--   days before it together
-- tables:
--   population.backups: [system, subject, occurred_at, is_success]
-- pass: a backup of the subject that is whole was made on that day or the day before
-- deviation: none was made on either day, or none that is whole
-- unable: >-
--   the source does not say which subject a backup is of, when it was made, or whether it is whole;
--   on days before the first backup, nothing says whether the subject was there already
-- blind: >-
--   subjects that were never backed up, which the register of assets shows; whether a backup can
--   be restored
-- ---
WITH made AS (
    SELECT
        coalesce(system, 'unknown system') AS system,
        coalesce(subject, 'unnamed') AS subject,
        subject IS NULL OR occurred_at IS NULL OR is_success IS NULL AS is_unclear,
        occurred_at::DATE AS made_on,
        is_success
    FROM population.backups
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first::DATE - 1 AND $period_last
),
subjects AS (
    SELECT
        system,
        subject,
        greatest(min(made_on), $period_first) AS first_on
    FROM made
    GROUP BY system, subject
),
days AS (
    SELECT
        system,
        subject,
        unnest(generate_series(coalesce(first_on, $period_first), $period_last, to_days(1)))::DATE AS due_on
    FROM subjects
),
judged AS (
    SELECT
        d.system,
        d.subject,
        d.due_on,
        count_if(m.is_success AND NOT m.is_unclear AND m.made_on BETWEEN d.due_on - 1 AND d.due_on) AS whole,
        count_if(m.is_unclear AND (m.made_on IS NULL OR m.made_on BETWEEN d.due_on - 1 AND d.due_on)) AS unclear
    FROM days AS d
    LEFT JOIN made AS m ON m.system = d.system AND m.subject = d.subject
    GROUP BY d.system, d.subject, d.due_on
)
SELECT
    format('{} {} {}', system, subject, due_on) AS item,
    CASE
        WHEN whole > 0 THEN 'pass'
        WHEN unclear > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN whole > 0 THEN format('{} whole backups', whole)
        WHEN unclear > 0 THEN 'the source does not say when a backup was made, of what, or whether it is whole'
        ELSE 'no whole backup on this day or the day before'
    END AS reason,
    due_on::TIMESTAMP AS occurred_at
FROM judged
UNION ALL
SELECT
    format('{} {} before {}', system, subject, first_on) AS item,
    'unable' AS outcome,
    'no backup before this day, and nothing says whether the subject was there already' AS reason,
    $period_first::TIMESTAMP AS occurred_at
FROM subjects
WHERE first_on > $period_first
ORDER BY occurred_at, item
