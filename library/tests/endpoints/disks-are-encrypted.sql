-- ---
-- id: END-02.T2
-- title: The disks of every device are encrypted
-- control: END-02
-- nature: inspection
-- population: every device that the lists of managed devices name
-- tables:
--   population.endpoints: [system, device_uid, hostname, owner, is_encrypted]
-- pass: every built-in disk is encrypted
-- deviation: a built-in disk is not encrypted
-- unable: the source does not say
-- blind: devices that nobody manages; disks that are plugged in; where the keys are
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
        WHEN is_encrypted THEN 'pass'
        WHEN NOT is_encrypted THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_encrypted THEN format('{}: every built-in disk is encrypted', coalesce(hostname, owner, 'the device'))
        WHEN NOT is_encrypted THEN format('{}: a built-in disk is not encrypted', coalesce(hostname, owner, 'the device'))
        ELSE format('{}: the source does not say', coalesce(hostname, owner, 'the device'))
    END AS reason
FROM named
ORDER BY item
