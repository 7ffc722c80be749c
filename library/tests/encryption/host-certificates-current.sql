-- ---
-- id: CRY-02.T2
-- title: Certificate files of the host have at least 14 days left
-- control: CRY-02
-- nature: inspection
-- population: every certificate in the host's usual folders, the system's bundle of roots left out
-- tables:
--   host.certificates: [path, observed_at, subject, not_before, not_after, evidence_at]
-- parameters: {least_days: 14}
-- pass: it is valid and has at least so many days left
-- deviation: it has fewer, has expired, or is not valid yet
-- unable: it could not be read
-- blind: whether any service uses the file; certificates elsewhere and in key stores
-- ---
SELECT
    format('{} at byte {}', path, evidence_at) AS item,
    CASE
        WHEN not_after IS NULL OR not_before IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN not_before > observed_at THEN 'deviation'
        WHEN not_after::DATE - observed_at::DATE >= $least_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN not_after IS NULL OR not_before IS NULL OR observed_at IS NULL THEN 'it could not be read as a certificate'
        WHEN not_before > observed_at THEN format('{} is not valid before {}', subject, not_before)
        ELSE format('{} is valid to {}, {} days after it was seen', subject, not_after, not_after::DATE - observed_at::DATE)
    END AS reason
FROM host.certificates
ORDER BY path, evidence_at
