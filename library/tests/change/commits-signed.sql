-- ---
-- id: CHG-04.T1
-- title: Each commit on the release branch carries a signature that verifies
-- control: CHG-04
-- nature: reperformance
-- population: every commit of the period that the release branch reaches
-- tables:
--   git.commits: [commit_id, committed_at, signature, signature_status, signer]
-- pass: the signature verifies with a key that was given
-- deviation: the commit has no signature, or one that does not verify, has expired or was revoked
-- unable: the signature was not checked, or no key that was given made it
-- blind: >-
--   whether the signer is the author: a hosting service signs merges with its own key; a key that
--   was stolen; when the signature was made
-- ---
SELECT
    commit_id AS item,
    CASE
        WHEN committed_at IS NULL THEN 'unable'
        WHEN signature = 'none' THEN 'deviation'
        WHEN signature_status = 'good' THEN 'pass'
        WHEN signature_status IN ('bad', 'expired', 'revoked') THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN signature = 'none' THEN 'not signed'
        WHEN signature_status = 'good' THEN format('{} signature of {}', signature, coalesce(signer, 'a given key'))
        WHEN signature_status IN ('bad', 'expired', 'revoked')
            THEN format('{} signature is {}', signature, signature_status)
        WHEN signature_status = 'untrusted' THEN format('{} signature by a key that was not given', signature)
        WHEN signature_status = 'unverifiable' THEN format('{} signature could not be verified', signature)
        WHEN signature IS NULL THEN 'not known whether it is signed'
        ELSE format('{} signature, not checked: no keys were given', signature)
    END AS reason,
    committed_at AS occurred_at
FROM git.commits
WHERE committed_at IS NULL OR committed_at::DATE BETWEEN $period_first AND $period_last
ORDER BY committed_at, commit_id
