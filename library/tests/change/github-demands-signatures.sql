-- ---
-- id: CHG-04.T3
-- title: GitHub refuses commits without a signature that it can verify
-- control: CHG-04
-- nature: inspection
-- population: >-
--   the default branch of every repository that the connected accounts of GitHub list, on the days on
--   which they were asked
-- tables:
--   github.branches: [system, repository, branch, requires_signatures]
-- pass: commits have to be signed
-- deviation: commits without a signature are let in
-- unable: >-
--   the host does not say what it demands of the branch: the one who asks may not see it, or the edition
--   has no such rule
-- blind: >-
--   other branches; what a rule was between the days of asking; who may bypass a ruleset; archived ones,
--   which nobody changes, count too; whose the keys are
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
        WHEN NOT requires_signatures THEN 'deviation'
        WHEN requires_signatures IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT requires_signatures THEN 'commits without a signature are let in'
        WHEN requires_signatures IS NULL THEN 'the host does not say what it demands of the branch'
        ELSE 'commits have to be signed'
    END AS reason
FROM named
ORDER BY item
