-- ---
-- id: BCK-02.T3
-- title: Something that was backed up was restored whole in every quarter of the period
-- control: BCK-02
-- nature: inspection
-- population: every quarter of the period (a quarter that the period cuts counts when half of it lies inside)
-- tables:
--   population.restores: [occurred_at, is_success]
-- occurrences: quarterly
-- pass: a restore in the quarter brought everything back
-- deviation: none did, and none is there of which the source does not say when it was or how it ended
-- unable: the only restores are such of which the source does not say when they were or how they ended
-- blind: >-
--   whether each store was restored, which the manual procedure looks at; whether the content is the
--   same, which another test compares
-- ---
WITH restores AS (
    SELECT
        occurred_at::DATE AS restored_on,
        is_success
    FROM population.restores
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
),
judged AS (
    SELECT
        o.first_on,
        o.due_on,
        count_if(r.is_success AND r.restored_on IS NOT NULL) AS whole,
        (
            SELECT count(*)
            FROM restores AS u
            WHERE
                u.is_success IS NOT FALSE
                AND (u.restored_on IS NULL OR (u.is_success IS NULL AND u.restored_on BETWEEN o.first_on AND o.due_on))
        ) AS unclear
    FROM expected.occurrences AS o
    LEFT JOIN restores AS r ON r.restored_on BETWEEN o.first_on AND o.due_on
    GROUP BY o.first_on, o.due_on
)
SELECT
    format('{} to {}', first_on, due_on) AS item,
    CASE
        WHEN whole > 0 THEN 'pass'
        WHEN unclear > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN whole > 0 THEN format('{} restores brought everything back', whole)
        WHEN unclear > 0 THEN 'the source does not say when a restore was, or how it ended'
        ELSE 'no restore brought everything back'
    END AS reason,
    due_on::TIMESTAMP AS occurred_at
FROM judged
ORDER BY due_on
