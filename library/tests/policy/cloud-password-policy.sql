-- ---
-- id: POL-03.T2
-- title: Cloud accounts demand passwords by the baseline
-- control: POL-03
-- nature: inspection
-- population: the password policy of every connected AWS account
-- tables:
--   aws.password_policy: [system, is_set, minimum_length, reuse_prevented]
-- # 14 characters and 24 passwords that may not come again: CIS Amazon Web Services Foundations
-- # Benchmark, on the password policy of IAM.
-- parameters: {least_characters: 14, least_history: 24}
-- pass: it demands so many characters and refuses so many former passwords
-- deviation: no policy is set, or it demands less
-- unable: the policy, or a part of it, is not known
-- blind: people who come through another identity provider; passwords that were set before the policy
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system ORDER BY listed) AS copy
    FROM aws.password_policy AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT is_set THEN 'deviation'
        WHEN minimum_length < $least_characters THEN 'deviation'
        WHEN is_set AND coalesce(reuse_prevented, 0) < $least_history THEN 'deviation'
        WHEN is_set IS NULL OR minimum_length IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_set THEN 'no policy is set, and the default of AWS is in force'
        WHEN minimum_length < $least_characters THEN format('{} characters are enough; {} are the least', minimum_length, $least_characters)
        WHEN is_set AND coalesce(reuse_prevented, 0) < $least_history THEN format('only the last {} passwords may not come again; {} are the least', coalesce(reuse_prevented, 0), $least_history)
        WHEN is_set IS NULL OR minimum_length IS NULL THEN 'the policy could not be read'
        ELSE format('at least {} characters, and none of the last {} again', minimum_length, reuse_prevented)
    END AS reason
FROM named
ORDER BY item
