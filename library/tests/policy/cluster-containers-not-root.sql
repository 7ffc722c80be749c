-- ---
-- id: POL-03.T10
-- title: The containers of a cluster do not run as root, and can get no more rights
-- control: POL-03
-- nature: inspection
-- population: >-
--   every container of every workload of the connected Kubernetes clusters, outside the platform's
--   own namespace
-- tables:
--   cluster.containers: [system, namespace, workload, container, forbids_root, allows_escalation]
-- # Kubernetes, Pod Security Standards, restricted.
-- parameters: {platform: kube-system}
-- pass: its template forbids root, and that a process gets more rights than it began with
-- deviation: the template leaves one of them open
-- unable: one of them is not known
-- blind: >-
--   user namespaces, in which root is nobody outside; an image that is nobody by itself, which the
--   template could say; what runs in the platform's own namespace
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, namespace, workload, container ORDER BY listed) AS copy
    FROM cluster.containers AS listed
    WHERE namespace IS DISTINCT FROM $platform
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(namespace, 'unnamed'), coalesce(workload, 'unnamed'), coalesce(container, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT forbids_root THEN 'deviation'
        WHEN allows_escalation THEN 'deviation'
        WHEN forbids_root IS NULL OR allows_escalation IS NULL OR namespace IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT forbids_root THEN 'its template does not forbid root'
        WHEN allows_escalation THEN 'a process in it may get more rights than it began with'
        WHEN forbids_root IS NULL OR allows_escalation IS NULL OR namespace IS NULL THEN 'not known what its template forbids'
        ELSE 'root and further rights are forbidden'
    END AS reason
FROM named
ORDER BY item
