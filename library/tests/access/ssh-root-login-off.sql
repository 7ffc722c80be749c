-- ---
-- id: AC-05.T1
-- title: The SSH server refuses root
-- control: AC-05
-- nature: inspection
-- population: the SSH server of the host, when one is installed
-- tables:
--   host.sshd_settings: [keyword, value]
-- pass: PermitRootLogin is no
-- deviation: >-
--   it is anything else; root with a key only (prohibit-password) deviates too, because an act of root
--   then has no person
-- unable: the effective configuration does not name the setting
-- blind: Match blocks; a server that has not read its configuration again; other ways to root
-- ---
WITH server AS (
    SELECT count(*) AS settings, max(value) FILTER (WHERE keyword = 'permitrootlogin') AS root_login
    FROM host.sshd_settings
)
SELECT
    'SSH server' AS item,
    CASE
        WHEN root_login IS NULL THEN 'unable'
        WHEN root_login = 'no' THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    format('PermitRootLogin is {}', coalesce(root_login, 'not named')) AS reason
FROM server
WHERE settings > 0
ORDER BY item
