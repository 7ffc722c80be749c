-- ---
-- id: LOG-03.T3
-- title: The clock of every host is synchronized
-- control: LOG-03
-- nature: inspection
-- population: >-
--   every host that the connected lists of hosts name, judged over every time client that answered on it
-- tables:
--   ssh.system: [system, is_container]
--   ssh.time_sync: [system, client, is_synchronized]
-- pass: a client says that the clock is synchronized
-- deviation: a client says that it is not, and none says that it is
-- unable: no client answered; in a container the machine outside keeps the clock
-- blind: how far the clock is off; a clock that the hypervisor keeps right; which sources are asked
-- ---
WITH hosts AS (
    SELECT system, bool_or(is_container) AS is_container FROM ssh.system GROUP BY system
    UNION
    SELECT system, NULL AS is_container FROM ssh.time_sync
    WHERE NOT EXISTS (SELECT 1 FROM ssh.system AS known WHERE known.system IS NOT DISTINCT FROM ssh.time_sync.system)
),
clients AS (
    SELECT
        system,
        count(*) FILTER (WHERE is_synchronized) AS synchronized,
        count(*) FILTER (WHERE NOT is_synchronized) AS unsynchronized,
        string_agg(client, ', ' ORDER BY client) AS named
    FROM ssh.time_sync
    GROUP BY system
)
SELECT
    coalesce(h.system, 'unknown system') AS item,
    CASE
        WHEN c.synchronized > 0 THEN 'pass'
        WHEN coalesce(c.unsynchronized, 0) = 0 OR coalesce(h.is_container, false) THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN c.synchronized > 0 THEN format('synchronized, says {}', coalesce(c.named, 'a client'))
        WHEN c.unsynchronized > 0 THEN format('not synchronized, says {}', coalesce(c.named, 'a client'))
        ELSE format('no time client answered (found: {})', coalesce(c.named, 'none'))
    END AS reason
FROM hosts AS h
LEFT JOIN clients AS c ON h.system IS NOT DISTINCT FROM c.system
ORDER BY item
