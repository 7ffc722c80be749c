-- ---
-- id: END-01.T2
-- title: Protection from malware runs on every device and is current
-- control: END-01
-- nature: inspection
-- population: every device that the lists of managed devices name
-- tables:
--   population.endpoints: [system, device_uid, hostname, owner, has_antimalware]
-- pass: it runs and is current
-- deviation: it does not run or is not current
-- unable: the source does not say
-- blind: devices that nobody manages; what it does not recognize
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
        WHEN has_antimalware THEN 'pass'
        WHEN NOT has_antimalware THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN has_antimalware THEN format('{}: it runs and is current', coalesce(hostname, owner, 'the device'))
        WHEN NOT has_antimalware THEN format('{}: it does not run or is not current', coalesce(hostname, owner, 'the device'))
        ELSE format('{}: the source does not say', coalesce(hostname, owner, 'the device'))
    END AS reason
FROM named
ORDER BY item
