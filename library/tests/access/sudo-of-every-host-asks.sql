-- ---
-- id: AC-04.T3
-- title: On every host, no sudo rule gives every command without a password
-- control: AC-04
-- nature: inspection
-- population: every rule in the sudoers files of the hosts that the connected lists of hosts name
-- tables:
--   ssh.sudo_rules: [system, path, line, subject, rule, is_nopasswd, allows_all]
-- pass: the rule asks for a password, or names single commands
-- deviation: the rule gives all commands without a password
-- unable: the rule could not be read far enough
-- blind: >-
--   rules from a directory service and of included files elsewhere; a single command from which a
--   shell can be started; aliases, whose commands are not resolved
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, path, line ORDER BY listed) AS copy
    FROM ssh.sudo_rules AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), format('{}:{}', coalesce(path, 'unnamed'), coalesce(line::VARCHAR, '?')), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_nopasswd IS NULL OR allows_all IS NULL THEN 'unable'
        WHEN is_nopasswd AND allows_all THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    format('{}: {}', coalesce(subject, 'somebody'), coalesce(rule, 'a rule that could not be read')) AS reason
FROM named
ORDER BY item
