-- ---
-- id: AC-16.T4
-- title: No role of a cloud account can be taken by anybody
-- control: AC-16
-- nature: inspection
-- population: every role of the connected AWS accounts
-- tables:
--   aws.roles: [system, role, trusts, trusts_anybody]
-- pass: its trust policy names who may take it
-- deviation: its trust policy names everybody
-- unable: what its trust policy says could not be read
-- blind: >-
--   conditions that narrow whom a trust policy lets in, so that a role that is safe by a condition
--   deviates here; whether those named should be
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, role ORDER BY listed) AS copy
    FROM aws.roles AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(role::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN trusts_anybody THEN 'deviation'
        WHEN trusts_anybody IS NULL OR trusts IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN trusts_anybody THEN 'anybody may take it'
        WHEN trusts_anybody IS NULL OR trusts IS NULL THEN 'not known who may take it'
        ELSE format('may be taken by {}', trusts)
    END AS reason
FROM named
ORDER BY item
