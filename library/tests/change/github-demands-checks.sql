-- ---
-- id: CHG-09.T3
-- title: GitHub merges only what passed its checks, administrators included
-- control: CHG-09
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, requires_checks, binds_admins]
-- pass: checks have to pass, for administrators too
-- deviation: no check has to pass, or administrators may merge what failed
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; who may bypass a ruleset; archived ones,
--   which nobody changes, count too; what the checks are
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
        WHEN NOT requires_checks THEN 'deviation'
        WHEN NOT binds_admins THEN 'deviation'
        WHEN requires_checks IS NULL OR binds_admins IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT requires_checks THEN 'no check is demanded'
        WHEN NOT binds_admins THEN 'administrators may merge what failed'
        WHEN requires_checks IS NULL OR binds_admins IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'checks have to pass, for administrators too'
    END AS reason
FROM named
ORDER BY item
