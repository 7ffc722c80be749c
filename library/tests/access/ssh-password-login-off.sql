-- ---
-- id: AC-06.T1
-- title: The SSH server takes keys only
-- control: AC-06
-- nature: inspection
-- population: the SSH server's two ways to log in with a typed secret, when one is installed
-- tables:
--   host.sshd_settings: [keyword, value]
-- pass: the way is off
-- deviation: the way is on
-- unable: the effective configuration does not name the setting
-- blind: >-
--   Match blocks; whether keyboard-interactive asks for a second factor, in which case an exception
--   can be approved; who holds the keys and how they are kept
-- ---
WITH ways AS (
    SELECT unnest(['passwordauthentication', 'kbdinteractiveauthentication']) AS keyword
)
SELECT
    w.keyword AS item,
    CASE
        WHEN s.value IS NULL THEN 'unable'
        WHEN s.value = 'no' THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    format('{} is {}', w.keyword, coalesce(s.value, 'not named')) AS reason
FROM ways AS w
LEFT JOIN host.sshd_settings AS s ON s.keyword = w.keyword
WHERE EXISTS (SELECT 1 FROM host.sshd_settings AS any_setting WHERE any_setting.keyword IS NOT NULL)
ORDER BY w.keyword
