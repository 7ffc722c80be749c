-- ---
-- id: LOG-02.T1
-- title: The audit daemon runs with rules loaded
-- control: LOG-02
-- nature: inspection
-- population: the audit daemon of the host
-- tables:
--   host.services: [role, service, is_running, rules]
-- parameters: {least_rules: 1}
-- pass: it runs with at least so many rules
-- deviation: it does not run, or has fewer
-- unable: it runs, and its rules were refused
-- blind: what the rules are about; other tools that record the same; where the records go
-- ---
SELECT
    service AS item,
    CASE
        WHEN is_running IS NULL THEN 'unable'
        WHEN NOT is_running THEN 'deviation'
        WHEN rules IS NULL THEN 'unable'
        WHEN rules >= $least_rules THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_running IS NULL THEN 'not known whether it runs'
        WHEN NOT is_running THEN 'it does not run'
        WHEN rules IS NULL THEN 'it runs, and its rules could not be read'
        ELSE format('it runs with {} rules', rules)
    END AS reason
FROM host.services
WHERE role = 'audit'
ORDER BY service
