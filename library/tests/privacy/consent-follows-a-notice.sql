-- ---
-- id: PRV-02.T3
-- title: Each consent was given after a notice was shown
-- control: PRV-02
-- nature: inspection
-- population: every consent given in the period, or what nothing says is none
-- tables:
--   population.consents: [system, occurred_at, subject_uid, purpose, action, notice]
-- pass: the version of the notice that was shown is recorded
-- deviation: no notice was shown
-- unable: the source does not say what was done or for which purpose
-- blind: whether the notice could be understood
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, subject_uid, purpose, action, occurred_at ORDER BY listed) AS copy
    FROM population.consents AS listed
    WHERE (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last) AND (action IS NULL OR action NOT IN ('refused', 'withdrawn'))
)
SELECT
    concat_ws(
        ' ', coalesce(system, 'unknown system'), coalesce(subject_uid, 'unnamed'), coalesce(purpose, 'unnamed'),
        coalesce(action, 'unnamed'), occurred_at, CASE WHEN copy > 1 THEN copy END
    ) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN action IS DISTINCT FROM 'given' OR purpose IS NULL THEN 'unable'
        WHEN notice IS NULL THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was'
        WHEN action IS DISTINCT FROM 'given' OR purpose IS NULL THEN 'the source does not say what was done or for which purpose'
        WHEN notice IS NULL THEN 'no notice was shown'
        ELSE format('notice {} was shown', notice)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
