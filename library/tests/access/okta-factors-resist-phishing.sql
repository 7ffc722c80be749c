-- ---
-- id: AC-13.T8
-- title: Each account with factors in Okta has one that resists phishing
-- control: AC-13
-- nature: inspection
-- population: every account of Okta of which it lists a factor, set up or not
-- tables:
--   okta.factors: [system, account, kind, status]
-- # Kinds that verify who asks: WebAuthn and U2F, and Okta's own key on the device (signed_nonce).
-- # Source: NIST SP 800-63B, verifier impersonation resistance.
-- parameters: {resistant: 'webauthn|u2f|signed_nonce'}
-- pass: one of its factors in use is of a kind that resists phishing
-- deviation: none is
-- unable: Okta does not say of which kind a factor is, whether it can be used, or whose it is
-- blind: >-
--   accounts without any factor, which the test of accounts shows; whether the weaker factors beside it
--   are still accepted; services
-- ---
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(account, 'unnamed')) AS item,
    CASE
        WHEN system IS NULL OR account IS NULL THEN 'unable'
        WHEN count(*) FILTER (WHERE status = 'ACTIVE' AND regexp_full_match(kind, $resistant)) > 0 THEN 'pass'
        WHEN count(*) FILTER (WHERE kind IS NULL OR status IS NULL) > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN system IS NULL OR account IS NULL THEN 'not known whose factors these are'
        WHEN count(*) FILTER (WHERE kind IS NULL OR status IS NULL) > 0 AND count(*) FILTER (WHERE status = 'ACTIVE' AND regexp_full_match(kind, $resistant)) = 0
            THEN 'not known of which kind a factor is, or whether it can be used'
        ELSE format('factors in use: {}', coalesce(string_agg(kind, ', ' ORDER BY kind) FILTER (WHERE status = 'ACTIVE'), 'none'))
    END AS reason
FROM okta.factors
GROUP BY system, account
ORDER BY item
