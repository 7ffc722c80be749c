-- ---
-- id: CRY-01.T4
-- title: Clusters encrypt secrets before they store them
-- control: CRY-01
-- nature: inspection
-- population: every API server of the connected Kubernetes clusters, as far as they are shown
-- tables:
--   cluster.servers: [system, server, encrypts_secrets, encryption]
-- # CIS Kubernetes Benchmark, on the API server: an encryption provider is configured.
-- pass: the server's own figures show that it stores secrets encrypted, and none in clear
-- deviation: it was started without encryption, or its figures show secrets in clear
-- unable: neither its start nor its figures show how it stores secrets
-- blind: >-
--   other servers than the one whose figures were read; secrets that were stored before and were not
--   touched since; the key, and who has it; disks and backups of the store
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, server ORDER BY listed) AS copy
    FROM cluster.servers AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(server, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT encrypts_secrets THEN 'deviation'
        WHEN encrypts_secrets IS NULL OR encryption IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT encrypts_secrets THEN format('secrets are stored in clear: {}', coalesce(encryption, 'not said how it is known'))
        WHEN encrypts_secrets IS NULL OR encryption IS NULL THEN 'not shown how secrets are stored'
        ELSE format('secrets are stored by {}', encryption)
    END AS reason
FROM named
ORDER BY item
