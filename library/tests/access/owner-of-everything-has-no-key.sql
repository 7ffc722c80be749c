-- ---
-- id: AC-16.T6
-- title: The owner of a cloud account has no access key
-- control: AC-16
-- nature: inspection
-- population: the owner (root) of every connected AWS account
-- tables:
--   population.accounts: [system]
--   aws.access_keys: [system, account, is_active]
-- # CIS Amazon Web Services Foundations Benchmark, on the root user's access key.
-- pass: AWS's report of credentials shows no key of the owner that can be used
-- deviation: it shows one
-- unable: it does not say whether a key of the owner can be used, or whose a key is
-- blind: keys that were there between two days of asking; other ways in, as the owner's password
-- ---
WITH owners AS (
    SELECT DISTINCT system FROM population.accounts WHERE system LIKE 'aws %'
)
SELECT
    o.system AS item,
    CASE
        WHEN count(*) FILTER (WHERE k.system = o.system AND k.account = 'root' AND k.is_active) > 0 THEN 'deviation'
        WHEN count(*) FILTER (WHERE k.is_found AND k.is_active IS NOT FALSE) > 0 THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN count(*) FILTER (WHERE k.system = o.system AND k.account = 'root' AND k.is_active) > 0 THEN 'the owner has a key that can be used'
        WHEN count(*) FILTER (WHERE k.is_found AND k.is_active IS NOT FALSE) > 0 THEN 'not known whether a key can be used, or whose it is'
        ELSE 'the owner has no key that can be used'
    END AS reason
FROM owners AS o
LEFT JOIN (SELECT *, true AS is_found FROM aws.access_keys) AS k
    ON (k.system = o.system OR k.system IS NULL) AND (k.account = 'root' OR k.account IS NULL)
GROUP BY o.system
ORDER BY item
