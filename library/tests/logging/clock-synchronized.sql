-- ---
-- id: LOG-03.T1
-- title: The host's clock is synchronized
-- control: LOG-03
-- nature: inspection
-- population: the host, judged over every time client that answered
-- tables:
--   host.system: [host, is_container]
--   host.time_sync: [client, is_synchronized]
-- pass: a client says that the clock is synchronized
-- deviation: a client says that it is not, and none says that it is
-- unable: no client answered; in a container the machine outside keeps the clock
-- blind: how far the clock is off; a clock that the hypervisor keeps right; which sources are asked
-- ---
WITH clients AS (
    SELECT
        count(*) FILTER (WHERE is_synchronized) AS synchronized,
        count(*) FILTER (WHERE NOT is_synchronized) AS unsynchronized,
        coalesce(string_agg(client, ', ' ORDER BY client), 'none') AS named
    FROM host.time_sync
)
SELECT
    s.host AS item,
    CASE
        WHEN c.synchronized > 0 THEN 'pass'
        WHEN c.unsynchronized = 0 OR coalesce(s.is_container, false) THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN c.synchronized > 0 THEN format('synchronized, says {}', c.named)
        WHEN c.unsynchronized > 0 THEN format('not synchronized, says {}', c.named)
        ELSE format('no time client answered (found: {})', c.named)
    END AS reason
FROM host.system AS s
CROSS JOIN clients AS c
ORDER BY s.host
