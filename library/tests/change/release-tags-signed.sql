-- ---
-- id: CHG-03.T2
-- title: Each release tag carries a signature that verifies
-- control: CHG-03
-- nature: reperformance
-- population: every tag of the period whose name is a version
-- tables:
--   git.tags: [tag, is_release, tagged_at, signature, signature_status, signer]
-- pass: the signature verifies with a key that was given
-- deviation: the tag has no signature, or one that does not verify, has expired or was revoked
-- unable: the signature was not checked, or no key that was given made it
-- blind: >-
--   releases without a tag; whether the holder of the key was allowed to release; a key that was
--   stolen; when the signature was made
-- ---
SELECT
    tag AS item,
    CASE
        WHEN signature = 'none' THEN 'deviation'
        WHEN signature_status = 'good' THEN 'pass'
        WHEN signature_status IN ('bad', 'expired', 'revoked') THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN signature = 'none' THEN 'not signed'
        WHEN signature_status = 'good' THEN format('{} signature of {}', signature, coalesce(signer, 'a given key'))
        WHEN signature_status IN ('bad', 'expired', 'revoked')
            THEN format('{} signature is {}', signature, signature_status)
        WHEN signature_status = 'untrusted' THEN format('{} signature by a key that was not given', signature)
        WHEN signature_status = 'unverifiable' THEN format('{} signature could not be verified', signature)
        WHEN signature IS NULL THEN 'not known whether it is signed'
        ELSE format('{} signature, not checked: no keys were given', signature)
    END AS reason,
    tagged_at AS occurred_at
FROM git.tags
WHERE is_release AND tagged_at::DATE BETWEEN $period_first AND $period_last
ORDER BY tagged_at, tag
