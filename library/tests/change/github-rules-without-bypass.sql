-- ---
-- id: CHG-02.T6
-- title: Nobody may bypass the rulesets of repositories at GitHub
-- control: CHG-02
-- nature: inspection
-- population: every ruleset for branches that is in force in the connected organizations at GitHub
-- tables:
--   github.rulesets: [system, ruleset_uid, ruleset, target, enforcement, can_be_bypassed, bypassed_by]
-- pass: it names nobody who may bypass it
-- deviation: it names somebody who may
-- unable: who may bypass it is not shown, or not whether it is in force
-- blind: >-
--   administrators, who can change a ruleset; rules that are no rulesets, which other tests read; an
--   emergency role that may bypass and whose use is reviewed, which an exception names
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, ruleset_uid, ruleset ORDER BY listed) AS copy
    FROM github.rulesets AS listed
    WHERE (target IS NULL OR target NOT IN ('tag', 'push')) AND (enforcement IS NULL OR enforcement NOT IN ('disabled', 'evaluate'))
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(ruleset_uid, 'unnamed'), coalesce(ruleset, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN can_be_bypassed THEN 'deviation'
        WHEN can_be_bypassed IS NULL OR target IS DISTINCT FROM 'branch' OR enforcement IS DISTINCT FROM 'active' THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN can_be_bypassed THEN format('it can be bypassed by {}', coalesce(bypassed_by, 'somebody'))
        WHEN can_be_bypassed IS NULL OR target IS DISTINCT FROM 'branch' OR enforcement IS DISTINCT FROM 'active' THEN 'not known whether it is in force, and who may bypass it'
        ELSE 'nobody may bypass it'
    END AS reason
FROM named
ORDER BY item
