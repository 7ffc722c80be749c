-- ---
-- id: AC-13.T4
-- title: Okta demands a second factor for each new session
-- control: AC-13
-- nature: inspection
-- population: every active rule of Okta's sign-on policies that lets people in
-- tables:
--   okta.sign_on_rules: [system, policy, rule, is_active, allows, requires_factor, prompts]
-- pass: it demands a second factor for each sign-in or each session
-- deviation: it lets people in without a second factor, or asks for it once for each device
-- unable: Okta does not say whether the rule is in force, lets in, or asks for a factor and how often
-- blind: >-
--   what single applications demand or waive; which factors count: see the test of factors; for whom the
--   rule is
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, policy, rule ORDER BY listed) AS copy
    FROM okta.sign_on_rules AS listed
    WHERE is_active IS NOT FALSE AND allows IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(policy::VARCHAR, 'unnamed'), coalesce(rule::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_active IS NULL OR allows IS NULL THEN 'unable'
        WHEN NOT requires_factor THEN 'deviation'
        WHEN requires_factor IS NULL OR prompts IS NULL THEN 'unable'
        WHEN prompts = 'DEVICE' THEN 'deviation'
        WHEN prompts IN ('ALWAYS', 'SESSION') THEN 'pass'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN is_active IS NULL OR allows IS NULL THEN 'not known whether it is in force and lets in'
        WHEN NOT requires_factor THEN 'lets in without a second factor'
        WHEN requires_factor IS NULL OR prompts IS NULL THEN 'not known whether and how often it asks for a factor'
        WHEN prompts = 'DEVICE' THEN 'asks for the factor once for each device'
        WHEN prompts IN ('ALWAYS', 'SESSION') THEN format('asks for a factor: {}', prompts)
        ELSE format('asks for a factor as {}, which this test does not know', prompts)
    END AS reason
FROM named
ORDER BY item
