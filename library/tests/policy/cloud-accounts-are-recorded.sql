-- ---
-- id: POL-03.T8
-- title: Each cloud account has a trail that records every region and can be proved whole
-- control: POL-03
-- nature: inspection
-- population: every connected AWS account, as its password policy lists it whether one is set or not
-- tables:
--   aws.password_policy: [system]
--   aws.trails: [system, trail, is_logging, is_everywhere, is_validated, observed_at, delivered_at]
-- # CIS Amazon Web Services Foundations Benchmark, on CloudTrail: every region, with validation of log
-- # files.
-- parameters: {most_hours: 24}
-- pass: a trail records now, in every region, writes digest files, and delivered within so many hours
-- deviation: no trail does
-- unable: what a trail does could not be read
-- blind: >-
--   what a trail leaves out by its selectors; whether somebody reads it; a trail of another account that
--   records this one; the digest files themselves
-- ---
WITH accounts AS (
    SELECT DISTINCT system FROM aws.password_policy
),
judged AS (
    SELECT
        system,
        trail,
        is_logging AND is_everywhere AND is_validated
        AND date_diff('minute', delivered_at, observed_at) <= 60 * $most_hours AS is_whole
    FROM aws.trails
)
SELECT
    coalesce(a.system, 'unknown system') AS item,
    CASE
        WHEN a.system IS NULL THEN 'unable'
        WHEN count(*) FILTER (WHERE t.system = a.system AND t.is_whole) > 0 THEN 'pass'
        WHEN count(*) FILTER (WHERE t.is_found AND t.is_whole IS NOT FALSE) > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN a.system IS NULL THEN 'not known which account it is'
        WHEN count(*) FILTER (WHERE t.system = a.system AND t.is_whole) > 0
            THEN format('recorded by {}', min(coalesce(t.trail, 'a trail without a name')) FILTER (WHERE t.system = a.system AND t.is_whole))
        WHEN count(*) FILTER (WHERE t.is_found AND t.is_whole IS NOT FALSE) > 0 THEN 'not known what a trail records, or of which account'
        ELSE format('none of {} trails records every region, with digest files, and delivers', count(t.is_found))
    END AS reason
FROM accounts AS a
LEFT JOIN (SELECT *, true AS is_found FROM judged) AS t ON t.system = a.system OR t.system IS NULL
GROUP BY a.system
ORDER BY item
