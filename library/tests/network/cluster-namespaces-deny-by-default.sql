-- ---
-- id: NET-05.T4
-- title: Nothing gets in to a namespace of a cluster but what a policy lets in
-- control: NET-05
-- nature: inspection
-- population: >-
--   every namespace of the connected Kubernetes clusters in which pods are, outside the platform's own
-- tables:
--   cluster.namespaces: [system, namespace, policies, denies_in, pods]
-- parameters: {platform: kube-system}
-- pass: a network policy holds for every pod of it, and none lets everything in
-- deviation: no policy holds for every pod, or one lets everything in
-- unable: its policies or its pods are not known
-- blind: >-
--   whether the cluster's network enforces policies at all; policies of the network's own kinds, which
--   an exception names; what goes out; the platform's own namespace
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, namespace ORDER BY listed) AS copy
    FROM cluster.namespaces AS listed
    WHERE namespace IS DISTINCT FROM $platform AND pods IS DISTINCT FROM 0
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(namespace, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT denies_in THEN 'deviation'
        WHEN denies_in IS NULL OR pods IS NULL OR policies IS NULL OR namespace IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT denies_in THEN format('none of {} policies refuses what no other lets in', coalesce(policies::VARCHAR, 'its'))
        WHEN denies_in IS NULL OR pods IS NULL OR policies IS NULL OR namespace IS NULL THEN 'not known what gets in, or whether pods are in it'
        ELSE format('{} policies, and nothing else gets in', policies)
    END AS reason
FROM named
ORDER BY item
