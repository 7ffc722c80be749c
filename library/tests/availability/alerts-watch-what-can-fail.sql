-- ---
-- id: AVL-02.T4
-- title: Each server of measurements raises alerts for outages, errors, full disks and certificates
-- control: AVL-02
-- nature: inspection
-- population: each of these four, of every connected Prometheus server, as its targets list it
-- tables:
--   prometheus.targets: [system]
--   prometheus.rules: [system, rule, health, watches_availability, watches_errors, watches_disks, watches_certificates]
-- pass: a rule that was evaluated without error watches it
-- deviation: no rule watches it
-- unable: only rules that do not work watch it, or it is not known what a rule watches
-- blind: >-
--   whether an expression says what the names of its metrics promise; whether it fires early enough;
--   other programs that watch the same; who is told
-- ---
WITH servers AS (
    SELECT DISTINCT system FROM prometheus.targets
    UNION
    SELECT DISTINCT system FROM prometheus.rules
),
topics AS (
    SELECT unnest(['outages', 'errors', 'full disks', 'certificates']) AS topic
),
watching AS (
    SELECT
        r.system,
        r.rule,
        r.health,
        t.topic,
        CASE t.topic
            WHEN 'outages' THEN r.watches_availability
            WHEN 'errors' THEN r.watches_errors
            WHEN 'full disks' THEN r.watches_disks
            ELSE r.watches_certificates
        END AS is_watched
    FROM prometheus.rules AS r
    CROSS JOIN topics AS t
),
judged AS (
    SELECT
        s.system,
        t.topic,
        count_if(w.is_watched AND w.health = 'ok' AND w.system = s.system) AS working,
        count_if(w.topic IS NOT NULL AND w.is_watched IS NOT FALSE) AS others,
        min(w.rule) FILTER (WHERE w.is_watched AND w.health = 'ok' AND w.system = s.system) AS one
    FROM servers AS s
    CROSS JOIN topics AS t
    LEFT JOIN watching AS w ON w.topic = t.topic AND (w.system = s.system OR w.system IS NULL)
    GROUP BY s.system, t.topic
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), topic) AS item,
    CASE
        WHEN system IS NOT NULL AND working > 0 THEN 'pass'
        WHEN system IS NULL OR others > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN system IS NOT NULL AND working > 0 THEN format('{} rules, such as {}', working, coalesce(one, 'one without a name'))
        WHEN system IS NULL OR others > 0 THEN 'no rule that watches it is known to work'
        ELSE 'no rule watches it'
    END AS reason
FROM judged
ORDER BY item
