-- ---
-- id: LOG-01.T1
-- title: A logging service runs and keeps its log on disk
-- control: LOG-01
-- nature: inspection
-- population: the host, judged over every logging service that was found
-- tables:
--   host.system: [host, is_container]
--   host.services: [role, service, is_running, keeps_on_disk]
-- pass: a logging service runs, and its log outlives a restart
-- deviation: none runs, or none keeps its log on disk
-- unable: >-
--   one runs, and it is not known whether it keeps its log; or none runs in a container, whose output
--   the machine outside may log
-- blind: whether the log reaches a central store, is complete, and for how long it is kept
-- ---
WITH logging AS (
    SELECT
        count(*) FILTER (WHERE is_running) AS running,
        count(*) FILTER (WHERE is_running AND keeps_on_disk) AS kept,
        count(*) FILTER (WHERE is_running AND keeps_on_disk IS NULL) AS unknown,
        coalesce(string_agg(service, ', ' ORDER BY service) FILTER (WHERE is_running), 'none') AS named
    FROM host.services
    WHERE role = 'logging'
)
SELECT
    s.host AS item,
    CASE
        WHEN l.kept > 0 THEN 'pass'
        WHEN l.unknown > 0 OR (l.running = 0 AND coalesce(s.is_container, false)) THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN l.kept > 0 THEN format('{} runs and keeps its log on disk', l.named)
        WHEN l.unknown > 0 THEN format('{} runs; not known whether its log is kept', l.named)
        WHEN l.running = 0 AND coalesce(s.is_container, false)
            THEN 'no logging service runs in this container; the machine outside may log its output'
        WHEN l.running = 0 THEN 'no logging service runs'
        ELSE format('{} runs, and its log does not outlive a restart', l.named)
    END AS reason
FROM host.system AS s
CROSS JOIN logging AS l
ORDER BY s.host
