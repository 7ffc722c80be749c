-- ---
-- id: NET-06.T2
-- title: Threat detection is on in each region of the cloud that is used
-- control: NET-06
-- nature: inspection
-- population: each region of the connected AWS accounts, with each detector that GuardDuty has there
-- tables:
--   aws.detectors: [system, region, detector_uid, is_on]
-- # CIS Amazon Web Services Foundations Benchmark and AWS Foundational Security Best Practices, GuardDuty.1.
-- pass: a detector is there and is on
-- deviation: it is off, or the region has none
-- unable: whether it is on could not be read
-- blind: >-
--   regions that the connection does not name; sensors of other makers, which an exception names; who
--   reads what it finds
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, region, detector_uid ORDER BY listed) AS copy
    FROM aws.detectors AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(region, 'unknown region'), detector_uid, CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT is_on THEN 'deviation'
        WHEN is_on IS NULL OR region IS NULL OR detector_uid IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_on AND detector_uid IS NULL THEN 'the region has no detector'
        WHEN NOT is_on THEN 'its detector is off'
        WHEN is_on IS NULL OR region IS NULL OR detector_uid IS NULL THEN 'not known whether it is on, and where'
        ELSE 'its detector is on'
    END AS reason
FROM named
ORDER BY item
