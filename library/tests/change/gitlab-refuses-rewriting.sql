-- ---
-- id: CHG-05.T4
-- title: GitLab refuses to rewrite the release branch
-- control: CHG-05
-- nature: inspection
-- population: >-
--   the default branch of every project that the connected accounts of GitLab list, on the days on which
--   they were asked
-- tables:
--   gitlab.branches: [system, project, branch, is_protected, allows_force_push]
-- pass: it is protected, and its history cannot be rewritten
-- deviation: it is not protected, or its history can be rewritten
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; push rules of the whole server; archived
--   ones, which nobody changes, count too
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, project, branch ORDER BY listed) AS copy
    FROM gitlab.branches AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(project::VARCHAR, 'unnamed'), coalesce(branch::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT is_protected THEN 'deviation'
        WHEN allows_force_push THEN 'deviation'
        WHEN is_protected IS NULL OR allows_force_push IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_protected THEN 'no rule protects it'
        WHEN allows_force_push THEN 'its history can be rewritten'
        WHEN is_protected IS NULL OR allows_force_push IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'it is protected, and its history cannot be rewritten'
    END AS reason
FROM named
ORDER BY item
