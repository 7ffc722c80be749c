-- ---
-- id: END-02.T4
-- title: The settings of every device are enforced
-- control: END-02
-- nature: inspection
-- population: every device that the lists of managed devices name
-- tables:
--   population.endpoints: [system, device_uid, hostname, owner, is_managed]
-- pass: its settings are enforced
-- deviation: its settings are not enforced
-- unable: the source does not say
-- blind: devices that nobody lists; which settings they are
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
        WHEN is_managed THEN 'pass'
        WHEN NOT is_managed THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_managed THEN format('{}: its settings are enforced', coalesce(hostname, owner, 'the device'))
        WHEN NOT is_managed THEN format('{}: its settings are not enforced', coalesce(hostname, owner, 'the device'))
        ELSE format('{}: the source does not say', coalesce(hostname, owner, 'the device'))
    END AS reason
FROM named
ORDER BY item
