-- ---
-- id: PRV-02.T2
-- title: Each withdrawal of consent took effect within two days
-- control: PRV-02
-- nature: inspection
-- population: >-
--   every withdrawal of consent in the period, or what nothing says is none, two days before its
--   end or earlier
-- tables:
--   population.consents: [system, occurred_at, subject_uid, purpose, action, took_effect_at]
-- parameters: {most_hours: 48}
-- pass: the system followed it within so many hours
-- deviation: the system followed it later, or not yet
-- unable: the source does not say what was done
-- blind: copies at vendors; uses that no system records
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, subject_uid, purpose, action, occurred_at ORDER BY listed) AS copy
    FROM population.consents AS listed
    WHERE (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last) AND (action IS NULL OR action NOT IN ('given', 'refused')) AND (occurred_at IS NULL OR occurred_at::DATE + 2 <= $period_last)
)
SELECT
    concat_ws(
        ' ', coalesce(system, 'unknown system'), coalesce(subject_uid, 'unnamed'), coalesce(purpose, 'unnamed'),
        coalesce(action, 'unnamed'), occurred_at, CASE WHEN copy > 1 THEN copy END
    ) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN action IS DISTINCT FROM 'withdrawn' THEN 'unable'
        WHEN took_effect_at IS NULL THEN 'deviation'
        WHEN took_effect_at <= occurred_at + to_hours($most_hours) THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was'
        WHEN action IS DISTINCT FROM 'withdrawn' THEN 'the source does not say what was done'
        WHEN took_effect_at IS NULL THEN 'the system does not follow it yet'
        WHEN took_effect_at <= occurred_at + to_hours($most_hours) THEN format('followed {}', took_effect_at)
        ELSE format('followed only {}', took_effect_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
