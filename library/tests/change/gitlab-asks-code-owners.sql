-- ---
-- id: CHG-06.T4
-- title: GitLab demands the approval of the owners of the code
-- control: CHG-06
-- nature: inspection
-- population: >-
--   the default branch of every project that the connected accounts of GitLab list, on the days on which
--   they were asked
-- tables:
--   gitlab.branches: [system, project, branch, is_protected, requires_code_owners]
-- pass: it is protected, and owners of the code have to approve
-- deviation: it is not protected, or owners of the code need not approve
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; push rules of the whole server; archived
--   ones, which nobody changes, count too; whether the file of owners names anybody
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
        WHEN NOT requires_code_owners THEN 'deviation'
        WHEN is_protected IS NULL OR requires_code_owners IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_protected THEN 'no rule protects it'
        WHEN NOT requires_code_owners THEN 'owners of the code need not approve'
        WHEN is_protected IS NULL OR requires_code_owners IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'it is protected, and owners of the code have to approve'
    END AS reason
FROM named
ORDER BY item
