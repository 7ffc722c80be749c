-- ---
-- id: CHG-06.T1
-- title: The code owners file names an owner for every rule and a rule for everything
-- control: CHG-06
-- nature: inspection
-- population: every rule of the code owners file at the newest commit, and one item for the repository as a whole
-- tables:
--   git.repository: [repository]
--   git.code_owners: [path, line, pattern, owners, owner_count, covers_everything]
-- pass: the rule names at least one owner; for the repository, a rule covers everything
-- deviation: the rule names nobody; for the repository, there is no file or no rule covers everything
-- unable: not known how many owners a rule names
-- blind: >-
--   whether the owners still work here and are asked; earlier versions of the file; without a rule for
--   everything, rules that together cover all paths still count as a hole
-- ---
WITH rules AS (
    SELECT path, line, pattern, owners, owner_count, covers_everything FROM git.code_owners
),
whole AS (
    SELECT
        r.repository,
        (SELECT count(*) FROM rules) AS rule_count,
        (SELECT count(*) FROM rules WHERE covers_everything AND owner_count > 0) AS covering
    FROM git.repository AS r
)
SELECT
    format('{}:{}', path, line) AS item,
    CASE
        WHEN owner_count IS NULL THEN 'unable'
        WHEN owner_count > 0 THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN owner_count IS NULL THEN format('not known how many owners {} has', pattern)
        WHEN owner_count > 0 THEN format('{} belongs to {}', pattern, owners)
        ELSE format('{} names nobody', pattern)
    END AS reason
FROM rules
UNION ALL
SELECT
    format('repository {}', repository) AS item,
    CASE WHEN covering > 0 THEN 'pass' ELSE 'deviation' END AS outcome,
    CASE
        WHEN covering > 0 THEN 'a rule with an owner covers everything'
        WHEN rule_count = 0 THEN 'the newest commit has no code owners file'
        ELSE format('none of its {} rules covers everything', rule_count)
    END AS reason
FROM whole
ORDER BY item
