-- ---
-- id: END-02.T3
-- title: Every device locks its screen by itself
-- control: END-02
-- nature: inspection
-- population: every device that the lists of managed devices name
-- tables:
--   population.endpoints: [system, device_uid, hostname, owner, locks_screen]
-- pass: it locks by itself, with a password
-- deviation: it does not lock by itself
-- unable: the source does not say
-- blind: devices that nobody manages; after how long it locks
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, device_uid ORDER BY listed) AS copy
    FROM population.endpoints AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(device_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN locks_screen THEN 'pass'
        WHEN NOT locks_screen THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN locks_screen THEN format('{}: it locks by itself, with a password', coalesce(hostname, owner, 'the device'))
        WHEN NOT locks_screen THEN format('{}: it does not lock by itself', coalesce(hostname, owner, 'the device'))
        ELSE format('{}: the source does not say', coalesce(hostname, owner, 'the device'))
    END AS reason
FROM named
ORDER BY item
