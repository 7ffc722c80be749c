-- ---
-- id: END-02.T5
-- title: Every device reported within 30 days
-- control: END-02
-- nature: inspection
-- population: every device that the lists of managed devices name
-- tables:
--   population.endpoints: [system, observed_at, device_uid, hostname, last_seen_at]
-- parameters: {most_days: 30}
-- pass: it reported within so many days before the list was taken
-- deviation: its last report is older
-- unable: the source does not say when it last reported
-- blind: devices that nobody manages; whether it is lost or in a drawer
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
        WHEN last_seen_at IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN last_seen_at::DATE >= observed_at::DATE - $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN last_seen_at IS NULL OR observed_at IS NULL THEN 'the source does not say when it last reported'
        WHEN last_seen_at::DATE >= observed_at::DATE - $most_days THEN format('{} reported {}', coalesce(hostname, 'it'), last_seen_at::DATE)
        ELSE format('{} last reported {}', coalesce(hostname, 'it'), last_seen_at::DATE)
    END AS reason
FROM named
ORDER BY item
