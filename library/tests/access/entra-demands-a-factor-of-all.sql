-- ---
-- id: AC-13.T5
-- title: Entra ID demands a second factor of everybody for every application
-- control: AC-13
-- nature: inspection
-- population: >-
--   every connected directory of Entra ID that has a policy of conditional access or the security
--   defaults
-- tables:
--   entra.conditional_access: [system, policy, is_enforced, is_for_all_users, is_for_all_apps, excluded, requires_mfa]
-- pass: an enforced policy demands a second factor of all users for all applications and leaves nobody out
-- deviation: no enforced policy does
-- unable: >-
--   the one that does leaves users, groups or roles out, so that only a person can tell whether they are
--   emergency accounts; or what a policy demands is not known
-- blind: >-
--   several policies that together reach everybody, which deviate here; networks and devices on which a
--   policy depends; which methods count as a second factor
-- ---
WITH judged AS (
    SELECT
        system,
        policy,
        excluded,
        is_enforced AND is_for_all_users AND is_for_all_apps AND requires_mfa AS is_for_everybody
    FROM entra.conditional_access
)
SELECT
    coalesce(system, 'unknown system') AS item,
    CASE
        WHEN system IS NULL THEN 'unable'
        WHEN count(*) FILTER (WHERE is_for_everybody AND excluded = 0) > 0 THEN 'pass'
        WHEN count(*) FILTER (WHERE is_for_everybody IS NOT FALSE) > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN system IS NULL THEN 'not known of which directory the policies are'
        WHEN count(*) FILTER (WHERE is_for_everybody AND excluded = 0) > 0
            THEN format('demanded by {}', min(coalesce(policy, 'a policy without a name')) FILTER (WHERE is_for_everybody AND excluded = 0))
        WHEN count(*) FILTER (WHERE is_for_everybody) > 0
            THEN format('{} leaves out {} users, groups and roles', min(coalesce(policy, 'a policy without a name')) FILTER (WHERE is_for_everybody), coalesce(min(excluded) FILTER (WHERE is_for_everybody)::VARCHAR, 'an unknown number of'))
        WHEN count(*) FILTER (WHERE is_for_everybody IS NULL) > 0 THEN 'not known what a policy demands, or of whom'
        ELSE format('none of {} policies demands it of all users for all applications', count(*))
    END AS reason
FROM judged
GROUP BY system
ORDER BY item
