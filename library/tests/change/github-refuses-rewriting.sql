-- ---
-- id: CHG-05.T3
-- title: GitHub refuses to rewrite or delete the release branch
-- control: CHG-05
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, allows_force_push, allows_deletion]
-- pass: it can be neither rewritten nor deleted
-- deviation: it can be rewritten or deleted
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
        WHEN allows_force_push THEN 'deviation'
        WHEN allows_deletion THEN 'deviation'
        WHEN allows_force_push IS NULL OR allows_deletion IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN allows_force_push THEN 'its history can be rewritten'
        WHEN allows_deletion THEN 'it can be deleted'
        WHEN allows_force_push IS NULL OR allows_deletion IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'it can be neither rewritten nor deleted'
    END AS reason
FROM named
ORDER BY item
