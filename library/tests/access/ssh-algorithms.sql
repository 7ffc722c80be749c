-- ---
-- id: AC-07.T2
-- title: The SSH server offers no weak algorithm
-- control: AC-07
-- nature: inspection
-- population: every cipher, message code and key exchange that the SSH server offers
-- tables:
--   host.sshd_settings: [keyword, value]
-- parameters:
--   weak: '3des|arcfour|blowfish|cast128|-cbc|hmac-md5|hmac-sha1-96|umac-64|group1-sha1|group-exchange-sha1|group14-sha1|ripemd'
-- pass: it is not on the list of weak algorithms
-- deviation: it is
-- unable: the server's configuration names no algorithms of that kind
-- blind: the list is this project's own judgment; host keys and certificates of users are not looked at
-- ---
WITH kinds AS (
    SELECT unnest(['ciphers', 'macs', 'kexalgorithms']) AS keyword
),
offered AS (
    SELECT k.keyword, unnest(string_split(coalesce(s.value, ''), ',')) AS algorithm
    FROM kinds AS k
    LEFT JOIN host.sshd_settings AS s ON s.keyword = k.keyword
    WHERE EXISTS (SELECT 1 FROM host.sshd_settings AS any_setting WHERE any_setting.keyword IS NOT NULL)
)
SELECT DISTINCT
    format('{} {}', keyword, algorithm) AS item,
    CASE
        WHEN algorithm = '' THEN 'unable'
        WHEN regexp_matches(algorithm, $weak) THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN algorithm = '' THEN format('the configuration names no {}', keyword)
        WHEN regexp_matches(algorithm, $weak) THEN format('{} is weak', algorithm)
        ELSE format('{} is not on the list of weak algorithms', algorithm)
    END AS reason
FROM offered
ORDER BY item
