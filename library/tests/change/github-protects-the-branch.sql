-- ---
-- id: CHG-02.T4
-- title: GitHub protects the release branch, and administrators are bound too
-- control: CHG-02
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, is_protected, binds_admins]
-- pass: it is protected, and the rule binds administrators
-- deviation: it is not protected, or administrators are not bound
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; who may bypass a ruleset; archived ones,
--   which nobody changes, count too
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, repository, branch ORDER BY listed) AS copy
    FROM github.branches AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(repository::VARCHAR, 'unnamed'), coalesce(branch::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT is_protected THEN 'deviation'
        WHEN NOT binds_admins THEN 'deviation'
        WHEN is_protected IS NULL OR binds_admins IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_protected THEN 'no rule protects it'
        WHEN NOT binds_admins THEN 'administrators are not bound by the rule'
        WHEN is_protected IS NULL OR binds_admins IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'it is protected, and the rule binds administrators'
    END AS reason
FROM named
ORDER BY item
