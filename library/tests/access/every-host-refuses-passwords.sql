-- ---
-- id: AC-06.T3
-- title: The SSH server of every host takes no password
-- control: AC-06
-- nature: inspection
-- population: every host that the connected lists of hosts name, on the days on which it was asked
-- tables:
--   ssh.system: [system]
--   ssh.sshd_settings: [system, keyword, value]
-- pass: PasswordAuthentication is no
-- deviation: it is anything else
-- unable: the host did not say what its SSH server follows, or the server does not name the setting
-- blind: >-
--   passwords that are asked for as keyboard-interactive; Match blocks; a server that has not read its configuration again
-- ---
WITH hosts AS (
    SELECT known.system FROM ssh.system AS known
    UNION
    SELECT system FROM ssh.sshd_settings
),
said AS (
    SELECT system, max(value) FILTER (WHERE keyword = 'passwordauthentication') AS value
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
    format('PasswordAuthentication is {}', coalesce(s.value, 'not named')) AS reason
FROM hosts AS h
LEFT JOIN said AS s ON h.system IS NOT DISTINCT FROM s.system
ORDER BY item
