-- ---
-- id: POL-03.T5
-- title: Database servers keep passwords as SCRAM, offer TLS and record who connects
-- control: POL-03
-- nature: inspection
-- population: every connected PostgreSQL server
-- tables:
--   postgresql.server: [system, password_kind, offers_tls, logs_connections]
-- pass: new passwords are kept as scram-sha-256, TLS is on, and connections are recorded
-- deviation: one of them is not so
-- unable: the server does not say how one of them is set
-- blind: >-
--   passwords that were set before and are still kept as MD5; where the record goes; a proxy before the
--   server that ends TLS
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system ORDER BY listed) AS copy
    FROM postgresql.server AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN password_kind <> 'scram-sha-256' THEN 'deviation'
        WHEN NOT offers_tls THEN 'deviation'
        WHEN NOT logs_connections THEN 'deviation'
        WHEN password_kind IS NULL OR offers_tls IS NULL OR logs_connections IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN password_kind <> 'scram-sha-256' THEN format('new passwords are kept as {}', password_kind)
        WHEN NOT offers_tls THEN 'TLS is off'
        WHEN NOT logs_connections THEN 'connections are not recorded'
        WHEN password_kind IS NULL OR offers_tls IS NULL OR logs_connections IS NULL THEN 'the server does not say how it is set'
        ELSE 'new passwords are kept as SCRAM, TLS is on, connections are recorded'
    END AS reason
FROM named
ORDER BY item
