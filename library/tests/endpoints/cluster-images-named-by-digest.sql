-- ---
-- id: END-03.T2
-- title: Every image that a cluster starts is named by its digest
-- control: END-03
-- nature: inspection
-- population: >-
--   every container of every workload of the connected Kubernetes clusters, outside the platform's
--   own namespace
-- tables:
--   cluster.containers: [system, namespace, workload, container, image, is_pinned]
-- parameters: {platform: kube-system}
-- pass: the template names the image by its digest, so that it is the one that was built
-- deviation: it names it by a tag, under which another image can be put
-- unable: the image is not known
-- blind: >-
--   whether the build system made and signed that image; what the image holds; pods between two
--   collections; what runs in the platform's own namespace
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
        WHEN NOT is_pinned THEN 'deviation'
        WHEN is_pinned IS NULL OR image IS NULL OR namespace IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT is_pinned THEN format('{} has no digest', coalesce(image, 'its image'))
        WHEN is_pinned IS NULL OR image IS NULL OR namespace IS NULL THEN 'its image is not known'
        ELSE format('{}', image)
    END AS reason
FROM named
ORDER BY item
