-- ---
-- id: AC-05.T3
-- title: The SSH server of every host refuses root
-- control: AC-05
-- nature: inspection
-- population: every host that the connected lists of hosts name, on the days on which it was asked
-- tables:
--   ssh.system: [system]
--   ssh.sshd_settings: [system, keyword, value]
-- pass: PermitRootLogin is no
-- deviation: it is anything else, as root with a key only
-- unable: the host did not say what its SSH server follows, or the server does not name the setting
-- blind: >-
--   Match blocks; a server that has not read its configuration again; other ways to root
-- ---
WITH hosts AS (
    SELECT known.system FROM ssh.system AS known
    UNION
    SELECT system FROM ssh.sshd_settings
),
said AS (
    SELECT system, max(value) FILTER (WHERE keyword = 'permitrootlogin') AS value
    FROM ssh.sshd_settings
    GROUP BY system
)
SELECT
    coalesce(h.system, 'unknown system') AS item,
    CASE
        WHEN s.value IS NULL THEN 'unable'
        WHEN s.value = 'no' THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    format('PermitRootLogin is {}', coalesce(s.value, 'not named')) AS reason
FROM hosts AS h
LEFT JOIN said AS s ON h.system IS NOT DISTINCT FROM s.system
ORDER BY item
