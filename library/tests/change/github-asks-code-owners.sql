-- ---
-- id: CHG-06.T3
-- title: GitHub demands the approval of the owners of the code
-- control: CHG-06
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, requires_code_owners]
-- pass: owners of the code have to approve
-- deviation: they need not approve
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; who may bypass a ruleset; archived ones,
--   which nobody changes, count too; whether the file of owners names anybody
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
        WHEN NOT requires_code_owners THEN 'deviation'
        WHEN requires_code_owners IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT requires_code_owners THEN 'owners of the code need not approve'
        WHEN requires_code_owners IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'owners of the code have to approve'
    END AS reason
FROM named
ORDER BY item
