-- ---
-- id: NET-03.T1
-- title: Public endpoints accept TLS 1.2 or newer only
-- control: NET-03
-- nature: reperformance
-- population: every protocol tried with every endpoint that the user named
-- tables:
--   tls.protocols: [endpoint, protocol, is_accepted]
-- pass: a protocol older than TLS 1.2 is refused; TLS 1.2 and 1.3 pass either way
-- deviation: a protocol older than TLS 1.2 is accepted
-- unable: this machine could not offer that protocol, so the endpoint was not asked
-- blind: endpoints that nobody named; SSL 2 and 3, which are not tried; other addresses of the name
-- ---
SELECT
    format('{} {}', endpoint, protocol) AS item,
    CASE
        WHEN protocol IN ('TLSv1.2', 'TLSv1.3') THEN 'pass'
        WHEN is_accepted IS NULL THEN 'unable'
        WHEN is_accepted THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN is_accepted IS NULL THEN format('{} could not be offered from here', protocol)
        WHEN is_accepted THEN format('{} is accepted', protocol)
        ELSE format('{} is refused', protocol)
    END AS reason
FROM tls.protocols
ORDER BY endpoint, protocol
