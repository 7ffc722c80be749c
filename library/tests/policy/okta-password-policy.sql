-- ---
-- id: POL-03.T4
-- title: Okta demands passwords and locks accounts by the baseline
-- control: POL-03
-- nature: inspection
-- population: every password policy of Okta that is in force
-- tables:
--   okta.password_policies: [system, policy, min_length, refuses_common, lock_after, is_active]
-- # 8 characters beside a second factor, passwords that everybody knows refused, at most 100 wrong ones
-- # in a row: NIST SP 800-63B-4, on passwords and on throttling.
-- parameters: {least_characters: 8, most_tries: 100}
-- pass: it demands so many characters, refuses known passwords, and locks after so many wrong ones at most
-- deviation: it demands less
-- unable: Okta does not say whether it is in force, or what it demands
-- blind: passwords that another directory keeps; passwords that were set before the policy; for whom it is
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, policy ORDER BY listed) AS copy
    FROM okta.password_policies AS listed
    WHERE is_active IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(policy::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_active IS NULL THEN 'unable'
        WHEN min_length < $least_characters THEN 'deviation'
        WHEN NOT refuses_common THEN 'deviation'
        WHEN lock_after = 0 OR lock_after > $most_tries THEN 'deviation'
        WHEN min_length IS NULL OR refuses_common IS NULL OR lock_after IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN is_active IS NULL THEN 'not known whether it is in force'
        WHEN min_length < $least_characters THEN format('{} characters are enough; {} are the least', min_length, $least_characters)
        WHEN NOT refuses_common THEN 'passwords that everybody knows are accepted'
        WHEN lock_after = 0 OR lock_after > $most_tries THEN format('locks after {} wrong passwords (0: never); {} are the most', lock_after, $most_tries)
        WHEN min_length IS NULL OR refuses_common IS NULL OR lock_after IS NULL THEN 'Okta does not say what it demands'
        ELSE format('at least {} characters, no known ones, locked after {} wrong ones', min_length, lock_after)
    END AS reason
FROM named
ORDER BY item
