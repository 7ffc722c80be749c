-- ---
-- id: NET-04.T1
-- title: Public endpoints negotiate strong ciphers with forward secrecy
-- control: NET-04
-- nature: reperformance
-- population: every endpoint that the user named
-- tables:
--   tls.endpoints: [endpoint, protocol, cipher, has_forward_secrecy]
-- parameters: {weak: 'NULL|EXPORT|RC4|DES|MD5|anon|ADH|AECDH'}
-- pass: the negotiated cipher is not on the weak list and its key exchange is ephemeral
-- deviation: it is weak, or the key exchange is not ephemeral
-- unable: no cipher was negotiated
-- blind: weaker ciphers that the endpoint would accept from other clients; endpoints nobody named
-- ---
SELECT
    endpoint AS item,
    CASE
        WHEN cipher IS NULL OR has_forward_secrecy IS NULL THEN 'unable'
        WHEN has_forward_secrecy AND NOT regexp_matches(cipher, $weak) THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN cipher IS NULL OR has_forward_secrecy IS NULL THEN 'no cipher was negotiated'
        WHEN regexp_matches(cipher, $weak) THEN format('{} with the weak cipher {}', protocol, cipher)
        WHEN has_forward_secrecy THEN format('{} with {}', protocol, cipher)
        ELSE format('{} with {}, without forward secrecy', protocol, cipher)
    END AS reason
FROM tls.endpoints
ORDER BY endpoint
