-- ---
-- id: NET-03.T4
-- title: Web addresses are met over TLS, and tell browsers to keep to it
-- control: NET-03
-- nature: inspection
-- population: every web address that the connected lists of endpoints name, on the days on which it was asked
-- tables:
--   tls.headers: [address, observed_at, is_encrypted, status, leads_to, hsts_seconds]
-- parameters: {least_days: 180}
-- pass: >-
--   it is asked over TLS and says that browsers keep to TLS for so many days; or it is asked in clear, and
--   does nothing but lead to an address over TLS
-- deviation: it answers in clear, or leads to another address in clear, or lets browsers come back in clear sooner
-- unable: nothing says how it was asked, or what it answered
-- blind: >-
--   other addresses of the same server; lists of browsers that keep to TLS by themselves; whether the
--   certificate is good, which another test judges
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY address, observed_at ORDER BY listed) AS copy
    FROM tls.headers AS listed
)
SELECT
    concat_ws(' ', coalesce(address, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_encrypted IS NULL OR status IS NULL THEN 'unable'
        WHEN is_encrypted AND hsts_seconds >= $least_days * 86400 THEN 'pass'
        WHEN is_encrypted THEN 'deviation'
        WHEN leads_to LIKE 'https://%' THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_encrypted IS NULL OR status IS NULL THEN 'nothing says how it was asked, or what it answered'
        WHEN is_encrypted AND hsts_seconds IS NULL THEN 'it does not tell browsers to keep to TLS'
        WHEN is_encrypted THEN format('browsers keep to TLS for {} days', hsts_seconds // 86400)
        WHEN leads_to IS NULL THEN format('it answers {} in clear', status)
        ELSE format('it leads to {}', leads_to)
    END AS reason
FROM named
ORDER BY item
