-- ---
-- id: AVL-02.T3
-- title: Availability was measured without holes
-- control: AVL-02
-- nature: inspection
-- population: every day of the period from the first on which a service was measured, for each service
-- tables:
--   population.availability: [system, service, occurred_at, samples_expected, samples]
-- parameters: {least_percent: 95}
-- pass: at least 95 percent of the measurements that the day should hold are there
-- deviation: fewer are there, or none
-- unable: the source does not say when the measurements were, of what, or how many there should be
-- blind: days of which there is no interval at all, which the coverage of the table shows
-- ---
WITH daily AS (
    SELECT
        coalesce(system, 'unknown system') AS system,
        coalesce(service, 'unnamed') AS service,
        occurred_at::DATE AS measured_on,
        sum(samples_expected) AS expected,
        sum(samples) AS there,
        count_if(samples_expected IS NULL OR samples IS NULL OR service IS NULL) AS unclear
    FROM population.availability
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
    GROUP BY 1, 2, 3
),
services AS (
    SELECT
        system,
        service,
        min(measured_on) AS first_on
    FROM daily
    GROUP BY system, service
),
due AS (
    SELECT
        system,
        service,
        unnest(generate_series(first_on, $period_last::DATE, to_days(1)))::DATE AS due_on
    FROM services
    WHERE first_on IS NOT NULL
)
SELECT
    format('{} {} {}', d.system, d.service, d.due_on) AS item,
    CASE
        WHEN m.unclear IS NULL THEN 'deviation'
        WHEN m.unclear > 0 OR m.expected = 0 THEN 'unable'
        WHEN m.there * 100 >= m.expected * $least_percent THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN m.unclear IS NULL THEN 'nothing was measured on this day'
        WHEN m.unclear > 0 OR m.expected = 0 THEN 'the source does not say what was to be measured'
        ELSE format('{} of {} measurements are there', m.there, m.expected)
    END AS reason,
    d.due_on::TIMESTAMP AS occurred_at
FROM due AS d
LEFT JOIN daily AS m ON m.system = d.system AND m.service = d.service AND m.measured_on = d.due_on
UNION ALL
SELECT
    format('{} {} before {}', system, service, coalesce(first_on::VARCHAR, 'an unknown day')) AS item,
    'unable' AS outcome,
    'nothing was measured before this day, and nothing says whether the service was there already' AS reason,
    $period_first::TIMESTAMP AS occurred_at
FROM services
WHERE first_on IS NULL OR first_on > $period_first
UNION ALL
SELECT
    format('{} {} on a day that is not known', system, service) AS item,
    'unable' AS outcome,
    'the source does not say when it was measured' AS reason,
    $period_first::TIMESTAMP AS occurred_at
FROM daily
WHERE measured_on IS NULL
ORDER BY occurred_at, item
