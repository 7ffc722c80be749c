-- ---
-- id: NET-05.T3
-- title: Each rule that is open to the whole Internet says what it is for, where the firewall keeps it
-- control: NET-05
-- nature: inspection
-- population: >-
--   every rule of the connected firewalls that lets the whole Internet in, or of which nothing
--   says that it does not
-- tables:
--   population.firewall_rules: [system, firewall, rule_uid, direction, action, is_public, says]
-- pass: it says what it is for
-- deviation: it says nothing, although other rules of the same system do
-- unable: >-
--   the source does not say what it lets in from where, or no rule of the system says what it is
--   for
-- blind: whether what it says is true and still needed
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, firewall, rule_uid ORDER BY listed) AS copy
    FROM population.firewall_rules AS listed
    WHERE
        direction IS DISTINCT FROM 'out'
        AND action IS DISTINCT FROM 'refuse'
        AND is_public IS NOT FALSE
),
kept AS (
    SELECT
        system,
        count(says) > 0 AS keeps_it
    FROM population.firewall_rules
    GROUP BY system
)
SELECT
    concat_ws(' ', coalesce(n.system, 'unknown system'), coalesce(n.firewall, 'unnamed'), coalesce(n.rule_uid, 'unnamed'), CASE WHEN n.copy > 1 THEN n.copy END) AS item,
    CASE
        WHEN n.direction IS DISTINCT FROM 'in' OR n.action IS DISTINCT FROM 'accept' OR n.is_public IS NULL OR NOT coalesce(k.keeps_it, false) THEN 'unable'
        WHEN n.says IS NOT NULL THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN n.direction IS DISTINCT FROM 'in' OR n.action IS DISTINCT FROM 'accept' OR n.is_public IS NULL THEN 'the source does not say what it lets in from where'
        WHEN NOT coalesce(k.keeps_it, false) THEN 'no rule of the system says what it is for'
        WHEN n.says IS NOT NULL THEN format('it says: {}', n.says)
        ELSE 'it does not say what it is for'
    END AS reason
FROM named AS n
LEFT JOIN kept AS k ON k.system = n.system
ORDER BY item
