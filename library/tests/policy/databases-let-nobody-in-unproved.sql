-- ---
-- id: POL-03.T7
-- title: Database servers let the network in only with a proof of who asks, over TLS
-- control: POL-03
-- nature: inspection
-- population: >-
--   every rule by which a connected PostgreSQL server lets others than its own machine in, and every
--   rule that the server cannot read
-- tables:
--   postgresql.access_rules: [system, line, method, is_network, demands_tls, error]
-- # Strong: methods by which no password crosses the network and none is kept that could be used. Weak:
-- # PostgreSQL's own documentation warns of them on networks. Others, as ldap and pam, rest on what
-- # another system does.
-- parameters: {strong: 'scram-sha-256|cert|gss|sspi|oauth', weak: 'trust|password|md5|ident'}
-- pass: it demands TLS and a strong method
-- deviation: it demands no TLS, or takes a weak method
-- unable: >-
--   the server cannot read the rule, the method rests on another system, or it is not known what the
--   rule demands
-- blind: >-
--   which of the rules decides for whom: the first that fits; firewalls before the server; rules that
--   were changed and not read again
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, line ORDER BY listed) AS copy
    FROM postgresql.access_rules AS listed
    WHERE is_network IS NOT FALSE OR error IS NOT NULL
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), 'line', coalesce(line::VARCHAR, 'unnumbered'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN error IS NOT NULL THEN 'unable'
        WHEN NOT demands_tls THEN 'deviation'
        WHEN regexp_full_match(method, $weak) THEN 'deviation'
        WHEN is_network IS NULL OR demands_tls IS NULL OR method IS NULL THEN 'unable'
        WHEN regexp_full_match(method, $strong) THEN 'pass'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN error IS NOT NULL THEN format('the server cannot read it: {}', error)
        WHEN NOT demands_tls THEN 'lets the network in without TLS'
        WHEN regexp_full_match(method, $weak) THEN format('takes {}', method)
        WHEN is_network IS NULL OR demands_tls IS NULL OR method IS NULL THEN 'not known what the rule demands'
        WHEN regexp_full_match(method, $strong) THEN format('{} over TLS', method)
        ELSE format('{} rests on another system', method)
    END AS reason
FROM named
ORDER BY item
