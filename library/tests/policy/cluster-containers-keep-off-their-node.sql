-- ---
-- id: POL-03.T9
-- title: No container of a cluster reaches the node that it runs on
-- control: POL-03
-- nature: inspection
-- population: >-
--   every container of every workload of the connected Kubernetes clusters, outside the platform's
--   own namespace
-- tables:
--   cluster.containers: [system, namespace, workload, container, is_privileged, reaches_node, shares, has_powers, capabilities]
-- # Kubernetes, Pod Security Standards, baseline.
-- parameters: {platform: kube-system}
-- pass: it is not privileged, shares nothing of its node, and has no capability beyond the baseline
-- deviation: one of these is not so
-- unable: one of these is not known
-- blind: >-
--   agents that watch their node and need it, which an exception names; weaknesses of the kernel and
--   of what runs containers; what runs in the platform's own namespace; pods between two collections
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
        WHEN is_privileged THEN 'deviation'
        WHEN reaches_node THEN 'deviation'
        WHEN has_powers THEN 'deviation'
        WHEN is_privileged IS NULL OR reaches_node IS NULL OR has_powers IS NULL OR namespace IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN is_privileged THEN 'it is privileged: it may do what its node may'
        WHEN reaches_node THEN format('of its node it has {}', coalesce(shares, 'something'))
        WHEN has_powers THEN format('it has capabilities beyond the baseline among {}', coalesce(capabilities, 'those that are added'))
        WHEN is_privileged IS NULL OR reaches_node IS NULL OR has_powers IS NULL OR namespace IS NULL THEN 'not known what it has of its node'
        ELSE 'it keeps to the baseline'
    END AS reason
FROM named
ORDER BY item
