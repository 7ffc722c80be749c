-- ---
-- id: CHG-01.T6
-- title: GitHub lets a change in only after an approval of what is merged
-- control: CHG-01
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, required_approvals, dismisses_stale]
-- pass: an approval is demanded, and a later edit takes it back
-- deviation: no approval is demanded, or one stays valid after a later edit
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
        WHEN required_approvals < 1 THEN 'deviation'
        WHEN NOT dismisses_stale THEN 'deviation'
        WHEN required_approvals IS NULL OR dismisses_stale IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN required_approvals < 1 THEN 'no approval is demanded'
        WHEN NOT dismisses_stale THEN 'an approval outlives later edits'
        WHEN required_approvals IS NULL OR dismisses_stale IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'an approval is demanded, and a later edit takes it back'
    END AS reason
FROM named
ORDER BY item
