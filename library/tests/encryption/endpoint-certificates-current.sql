-- ---
-- id: CRY-02.T1
-- title: Certificates of public endpoints have at least 14 days left
-- control: CRY-02
-- nature: inspection
-- population: every endpoint that the user named
-- tables:
--   tls.endpoints: [endpoint, observed_at, not_before, not_after]
-- parameters: {least_days: 14}
-- pass: the certificate is valid and has at least so many days left
-- deviation: it has fewer, has expired, or is not valid yet
-- unable: its dates could not be read
-- blind: certificates on other days and other addresses of the name; endpoints nobody named
-- ---
SELECT
    endpoint AS item,
    CASE
        WHEN not_after IS NULL OR not_before IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN not_before > observed_at THEN 'deviation'
        WHEN not_after::DATE - observed_at::DATE >= $least_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN not_after IS NULL OR not_before IS NULL OR observed_at IS NULL THEN 'its dates could not be read'
        WHEN not_before > observed_at THEN format('not valid before {}', not_before)
        ELSE format('valid to {}, {} days after it was seen', not_after, not_after::DATE - observed_at::DATE)
    END AS reason
FROM tls.endpoints
ORDER BY endpoint
