-- ---
-- id: CRY-03.T1
-- title: Public endpoints present a trusted certificate for their name
-- control: CRY-03
-- nature: reperformance
-- population: every endpoint that the user named
-- tables:
--   tls.endpoints: [endpoint, subject, is_trusted, is_name_matched, trust_error]
-- pass: the chain leads to a root that this machine trusts, and the certificate names the host
-- deviation: one of the two does not hold
-- unable: the handshake gave no answer to one of the two
-- blind: revocation; what other machines trust; other addresses of the name; endpoints nobody named
-- ---
SELECT
    endpoint AS item,
    CASE
        WHEN NOT is_trusted OR NOT is_name_matched THEN 'deviation'
        WHEN is_trusted AND is_name_matched THEN 'pass'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN NOT is_trusted OR NOT is_name_matched THEN coalesce(trust_error, 'not trusted')
        WHEN is_trusted AND is_name_matched THEN format('trusted and named: {}', coalesce(subject, 'no subject'))
        ELSE 'the handshake did not say'
    END AS reason
FROM tls.endpoints
ORDER BY endpoint
