-- ---
-- id: CHG-01.T7
-- title: GitLab lets a change in only after an approval by another than its author
-- control: CHG-01
-- nature: inspection
-- population: >-
--   the default branch of every project that the connected accounts of GitLab list, on the days on which
--   they were asked
-- tables:
--   gitlab.branches: [system, project, branch, required_approvals, author_may_approve, dismisses_stale, may_lower_approvals]
-- pass: another than the author has to approve, and a later edit takes the approval back
-- deviation: >-
--   no approval is demanded, the author's own counts, a change's author may lower it, or it stays valid
--   after a later edit
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
        WHEN required_approvals < 1 THEN 'deviation'
        WHEN author_may_approve THEN 'deviation'
        WHEN NOT dismisses_stale THEN 'deviation'
        WHEN may_lower_approvals THEN 'deviation'
        WHEN required_approvals IS NULL OR author_may_approve IS NULL OR dismisses_stale IS NULL OR may_lower_approvals IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN required_approvals < 1 THEN 'no approval is demanded'
        WHEN author_may_approve THEN 'authors may approve their own'
        WHEN NOT dismisses_stale THEN 'an approval outlives later edits'
        WHEN may_lower_approvals THEN 'authors may lower what is demanded'
        WHEN required_approvals IS NULL OR author_may_approve IS NULL OR dismisses_stale IS NULL OR may_lower_approvals IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'another than the author has to approve, and a later edit takes the approval back'
    END AS reason
FROM named
ORDER BY item
