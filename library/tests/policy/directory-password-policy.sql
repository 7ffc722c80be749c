-- ---
-- id: POL-03.T3
-- title: Directories demand passwords and lock accounts by the baseline
-- control: POL-03
-- nature: inspection
-- population: every password policy of the connected LDAP directories and Active Directory domains
-- tables:
--   ldap.password_policy: [system, policy, minimum_length, locks_after]
-- # 15 characters where the password stands alone, and at most 100 wrong ones in a row: NIST SP
-- # 800-63B-4, on passwords and on throttling.
-- parameters: {least_characters: 15, most_tries: 100}
-- pass: it demands so many characters, and accounts lock after so many wrong passwords at most
-- deviation: it demands less, or accounts do not lock
-- unable: the policy says nothing of the length of passwords
-- blind: for which accounts the policy holds; a check of passwords by a module of the server; second factors
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, policy ORDER BY listed) AS copy
    FROM ldap.password_policy AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(policy::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN minimum_length < $least_characters THEN 'deviation'
        WHEN minimum_length IS NOT NULL AND locks_after IS NULL THEN 'deviation'
        WHEN locks_after > $most_tries OR locks_after = 0 THEN 'deviation'
        WHEN minimum_length IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN minimum_length < $least_characters THEN format('{} characters are enough; {} are the least', minimum_length, $least_characters)
        WHEN minimum_length IS NOT NULL AND locks_after IS NULL THEN 'no number of wrong passwords locks an account'
        WHEN locks_after > $most_tries OR locks_after = 0 THEN format('an account locks after {} wrong passwords; {} are the most', locks_after, $most_tries)
        WHEN minimum_length IS NULL THEN 'it says nothing of the length of passwords'
        ELSE format('at least {} characters, locked after {} wrong ones', minimum_length, locks_after)
    END AS reason
FROM named
ORDER BY item
