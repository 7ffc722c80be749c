-- ---
-- id: AVL-02.T2
-- title: Availability of each month kept the commitment
-- control: AVL-02
-- nature: inspection
-- population: >-
--   every month of the period and every service that is measured, from the measurements themselves
-- tables:
--   population.availability: [system, service, occurred_at, samples_expected, samples, samples_up]
-- parameters: {least_basis_points: 9990}
-- pass: at least so many hundredths of a percent of the measurements found the service up
-- deviation: fewer did
-- unable: >-
--   fewer than 95 percent of the measurements that the month should hold are there, or the source
--   does not say what they found
-- blind: >-
--   what users saw; maintenance that the commitment leaves out; functions that the measurement
--   does not try
-- ---
WITH monthly AS (
    SELECT
        coalesce(system, 'unknown system') AS system,
        coalesce(service, 'unnamed') AS service,
        strftime(occurred_at, '%Y-%m') AS month,
        sum(samples_expected) AS expected,
        sum(samples) AS there,
        sum(samples_up) AS up,
        count_if(samples_expected IS NULL OR samples IS NULL OR samples_up IS NULL OR service IS NULL) AS unclear
    FROM population.availability
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
    GROUP BY 1, 2, 3
),
months AS (
    SELECT DISTINCT strftime(unnest(generate_series($period_first::DATE, $period_last::DATE, to_days(1))), '%Y-%m') AS month
),
due AS (
    SELECT
        s.system,
        s.service,
        m.month
    FROM (SELECT DISTINCT system, service FROM monthly) AS s
    CROSS JOIN months AS m
    UNION
    SELECT
        system,
        service,
        month
    FROM monthly
    WHERE month IS NULL
)
SELECT
    format('{} {} {}', d.system, d.service, coalesce(d.month, 'no month')) AS item,
    CASE
        WHEN d.month IS NULL OR m.unclear IS NULL OR m.unclear > 0 OR m.expected = 0 OR m.there * 100 < m.expected * 95 THEN 'unable'
        WHEN m.up * 10000 >= m.there * $least_basis_points THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN d.month IS NULL THEN 'the source does not say when it was measured'
        WHEN m.unclear IS NULL THEN 'nothing was measured in this month'
        WHEN m.unclear > 0 THEN 'the source does not say of each interval what was measured'
        WHEN m.expected = 0 OR m.there * 100 < m.expected * 95 THEN format('{} of {} measurements are there', m.there, m.expected)
        ELSE format('up in {} of {} measurements', m.up, m.there)
    END AS reason,
    strptime(d.month || '-01', '%Y-%m-%d') AS occurred_at
FROM due AS d
LEFT JOIN monthly AS m ON m.system = d.system AND m.service = d.service AND m.month = d.month
ORDER BY occurred_at, item
