-- ---
-- id: AC-07.T1
-- title: The SSH server limits attempts and accepts no empty password
-- control: AC-07
-- nature: inspection
-- population: the settings of the baseline, when an SSH server is installed
-- tables:
--   host.sshd_settings: [keyword, value]
-- parameters: {most_attempts: 6}
-- pass: the setting is within the baseline
-- deviation: it is not
-- unable: the effective configuration does not name the setting, or its value is not a number
-- blind: Match blocks; limits set elsewhere, such as by PAM or a firewall
-- ---
WITH wanted AS (
    SELECT unnest(['maxauthtries', 'permitemptypasswords', 'hostbasedauthentication']) AS keyword
)
SELECT
    w.keyword AS item,
    CASE
        WHEN s.value IS NULL THEN 'unable'
        WHEN w.keyword <> 'maxauthtries' AND s.value = 'no' THEN 'pass'
        WHEN w.keyword <> 'maxauthtries' THEN 'deviation'
        WHEN try_cast(s.value AS INTEGER) IS NULL THEN 'unable'
        WHEN try_cast(s.value AS INTEGER) <= $most_attempts THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    format('{} is {}', w.keyword, coalesce(s.value, 'not named')) AS reason
FROM wanted AS w
LEFT JOIN host.sshd_settings AS s ON s.keyword = w.keyword
WHERE EXISTS (SELECT 1 FROM host.sshd_settings AS any_setting WHERE any_setting.keyword IS NOT NULL)
ORDER BY w.keyword
