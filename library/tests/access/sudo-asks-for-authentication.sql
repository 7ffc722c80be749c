-- ---
-- id: AC-04.T1
-- title: No sudo rule gives every command without a password
-- control: AC-04
-- nature: inspection
-- population: every rule in the host's sudoers files
-- tables:
--   host.sudo_rules: [path, line, subject, rule, is_nopasswd, allows_all]
-- pass: the rule asks for a password, or names single commands
-- deviation: the rule gives all commands without a password
-- unable: the rule could not be read far enough
-- blind: >-
--   rules from a directory service and of included files elsewhere; a single command from which a
--   shell can be started; aliases, whose commands are not resolved
-- ---
SELECT
    format('{}:{}', path, line) AS item,
    CASE
        WHEN is_nopasswd IS NULL OR allows_all IS NULL THEN 'unable'
        WHEN is_nopasswd AND allows_all THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    format('{}: {}', subject, rule) AS reason
FROM host.sudo_rules
ORDER BY path, line
