-- ---
-- id: AC-13.T6
-- title: Google demands 2-step verification of every user
-- control: AC-13
-- nature: inspection
-- population: every user of the connected Google Workspace that may sign in
-- tables:
--   google.users: [system, account, is_mfa_enrolled, is_mfa_enforced, is_suspended, is_archived]
-- pass: 2-step verification is set up and demanded
-- deviation: it is not demanded, or not set up
-- unable: Google does not say whether it is set up and demanded, or whether the user may sign in
-- blind: >-
--   second factors of another identity provider that lets people in to Google; whether a message to a
--   telephone counts as a factor
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, account ORDER BY listed) AS copy
    FROM google.users AS listed
    WHERE is_suspended IS NOT TRUE AND is_archived IS NOT TRUE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_suspended IS NULL OR is_archived IS NULL THEN 'unable'
        WHEN NOT is_mfa_enforced THEN 'deviation'
        WHEN NOT is_mfa_enrolled THEN 'deviation'
        WHEN is_mfa_enforced AND is_mfa_enrolled THEN 'pass'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_suspended IS NULL OR is_archived IS NULL THEN 'not known whether it may sign in'
        WHEN NOT is_mfa_enforced THEN '2-step verification is not demanded'
        WHEN NOT is_mfa_enrolled THEN '2-step verification is not set up'
        WHEN is_mfa_enforced AND is_mfa_enrolled THEN '2-step verification is set up and demanded'
        ELSE 'not known whether 2-step verification is set up and demanded'
    END AS reason
FROM named
ORDER BY item
