-- ---
-- id: AC-16.T7
-- title: Only people and groups by name may do everything in a cluster
-- control: AC-16
-- nature: inspection
-- population: every subject of every binding of the connected Kubernetes clusters
-- tables:
--   cluster.bindings: [system, binding, namespace, role, subject, subject_kind, is_anybody, allows_everything]
-- # CIS Kubernetes Benchmark, on RBAC: cluster-admin only where it is needed.
-- parameters: {platform: kube-system}
-- pass: the role does not give everything, or gives it to a user or a group by name
-- deviation: >-
--   the role gives everything to everybody, or to the account of a program; nobody decides there
--   what is done with it
-- unable: the role was not shown or does not exist, or not who is bound to it
-- blind: >-
--   who is in a group; tools that need everything to install others, which an exception names; the
--   platform's own programs in its namespace; several rights that come to everything together
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, namespace, binding, subject ORDER BY listed) AS copy
    FROM cluster.bindings AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), namespace, coalesce(binding, 'unnamed'), coalesce(subject, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN allows_everything IS NULL THEN 'unable'
        WHEN NOT allows_everything THEN 'pass'
        WHEN is_anybody THEN 'deviation'
        WHEN subject_kind = 'ServiceAccount' AND NOT starts_with(subject, format('system:serviceaccount:{}:', $platform)) THEN 'deviation'
        WHEN subject IS NULL OR is_anybody IS NULL OR subject_kind IS NULL OR subject_kind NOT IN ('User', 'Group', 'ServiceAccount') THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN allows_everything IS NULL THEN format('not known what the role {} allows', coalesce(role, 'without a name'))
        WHEN NOT allows_everything THEN format('{} does not give everything', coalesce(role, 'the role'))
        WHEN is_anybody THEN format('{} may do everything in {}', coalesce(subject, 'everybody'), coalesce(namespace, 'the whole cluster'))
        WHEN subject_kind = 'ServiceAccount' AND NOT starts_with(subject, format('system:serviceaccount:{}:', $platform)) THEN format('the program {} may do everything in {}', subject, coalesce(namespace, 'the whole cluster'))
        WHEN subject IS NULL OR is_anybody IS NULL OR subject_kind IS NULL OR subject_kind NOT IN ('User', 'Group', 'ServiceAccount') THEN 'not known who is bound to a role that gives everything'
        ELSE format('{} is named: {}', lower(subject_kind), subject)
    END AS reason
FROM named
ORDER BY item
