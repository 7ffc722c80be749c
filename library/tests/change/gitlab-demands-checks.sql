-- ---
-- id: CHG-09.T4
-- title: GitLab merges only what passed its pipeline
-- control: CHG-09
-- nature: inspection
-- population: >-
--   the default branch of every project that the connected accounts of GitLab list, on the days on which
--   they were asked
-- tables:
--   gitlab.branches: [system, project, branch, requires_checks]
-- pass: the pipeline has to succeed
-- deviation: a failed pipeline does not keep a change out
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; push rules of the whole server; archived
--   ones, which nobody changes, count too; what the pipeline does, and whether one that was skipped
--   counts
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
        WHEN NOT requires_checks THEN 'deviation'
        WHEN requires_checks IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT requires_checks THEN 'a failed pipeline does not keep a change out'
        WHEN requires_checks IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'the pipeline has to succeed'
    END AS reason
FROM named
ORDER BY item
