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
        coalesce(strftime(occurred_at, '%Y-%m'), 'no month') AS month,
        sum(samples_expected) AS expected,
        sum(samples) AS there,
        sum(samples_up) AS up,
        count_if(samples_expected IS NULL OR samples IS NULL OR samples_up IS NULL OR occurred_at IS NULL OR service IS NULL) AS unclear,
        min(occurred_at) AS occurred_at
    FROM population.availability
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
    GROUP BY 1, 2, 3
)
SELECT
    format('{} {} {}', system, service, month) AS item,
    CASE
        WHEN unclear > 0 OR expected = 0 OR there * 100 < expected * 95 THEN 'unable'
        WHEN up * 10000 >= there * $least_basis_points THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN unclear > 0 THEN 'the source does not say of each interval what was measured when'
        WHEN expected = 0 OR there * 100 < expected * 95 THEN format('{} of {} measurements are there', there, expected)
        ELSE format('up in {} of {} measurements', up, there)
    END AS reason,
    occurred_at
FROM monthly
ORDER BY occurred_at, item
