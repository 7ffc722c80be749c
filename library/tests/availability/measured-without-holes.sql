-- ---
-- id: AVL-02.T3
-- title: Availability was measured without holes
-- control: AVL-02
-- nature: inspection
-- population: every day of the period on which a service was measured, and every service
-- tables:
--   population.availability: [system, service, occurred_at, samples_expected, samples]
-- parameters: {least_percent: 95}
-- pass: at least 95 percent of the measurements that the day should hold are there
-- deviation: fewer are there
-- unable: the source does not say when the measurements were, of what, or how many there should be
-- blind: days of which there is no interval at all, which the coverage of the table shows
-- ---
WITH daily AS (
    SELECT
        coalesce(system, 'unknown system') AS system,
        coalesce(service, 'unnamed') AS service,
        coalesce(strftime(occurred_at, '%Y-%m-%d'), 'no day') AS measured_on,
        sum(samples_expected) AS expected,
        sum(samples) AS there,
        count_if(samples_expected IS NULL OR samples IS NULL OR occurred_at IS NULL OR service IS NULL) AS unclear,
        min(occurred_at) AS occurred_at
    FROM population.availability
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
    GROUP BY 1, 2, 3
)
SELECT
    format('{} {} {}', system, service, measured_on) AS item,
    CASE
        WHEN unclear > 0 OR expected = 0 THEN 'unable'
        WHEN there * 100 >= expected * $least_percent THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN unclear > 0 OR expected = 0 THEN 'the source does not say what was to be measured when'
        ELSE format('{} of {} measurements are there', there, expected)
    END AS reason,
    occurred_at
FROM daily
ORDER BY occurred_at, item
