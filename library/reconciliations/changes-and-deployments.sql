-- ---
-- id: REC-02
-- title: Merged changes against deployments to production
-- left: changes that were merged, as the repository host has them
-- right: deployments to production that succeeded, as the pipeline has them
-- tables:
--   population.changes: [system, occurred_at, change_uid, commit_id, evidence_blob, evidence_at]
--   population.deployments: [system, occurred_at, deployment_uid, environment, commit_id, is_success, evidence_blob, evidence_at]
-- roles: {population.changes: code host, population.deployments: deployment source}
-- parameters: {grace_days: 14, production: "^(production|prod|live)$"}
-- agrees: a deployed commit is one that a merged change became; a merged change was followed by a deployment
-- differs: a commit was deployed that no merged change became; or nothing was deployed within the days after a merge
-- unable: >-
--   the deployment names no commit, or the change may have been merged before the period; or nobody
--   knows whether the deployment succeeded
-- blind: >-
--   which changes a deployment took along besides its own commit; several applications of one
--   organization, which are compared as one
-- ---
WITH changes AS (
    SELECT
        system, occurred_at, commit_id, coalesce(change_uid, commit_id, '?') AS change,
        row_number() OVER (
            PARTITION BY system, coalesce(change_uid, commit_id, '?') ORDER BY occurred_at, evidence_blob, evidence_at
        ) AS n
    FROM population.changes
    WHERE occurred_at::DATE BETWEEN $period_first AND $period_last
),
deployed AS (
    SELECT
        system, occurred_at, commit_id, is_success, coalesce(deployment_uid, commit_id, '?') AS deployment,
        row_number() OVER (
            PARTITION BY system, coalesce(deployment_uid, commit_id, '?') ORDER BY occurred_at, evidence_blob, evidence_at
        ) AS n
    FROM population.deployments
    WHERE occurred_at::DATE BETWEEN $period_first AND $period_last
        AND coalesce(is_success, true)
        AND (environment IS NULL OR regexp_matches(lower(environment), $production))
),
merged AS (
    SELECT commit_id FROM population.changes WHERE commit_id IS NOT NULL GROUP BY commit_id
),
followed AS (
    SELECT c.system, c.change, c.n, c.occurred_at, min(d.occurred_at) AS next_at
    FROM changes c LEFT JOIN deployed d ON d.occurred_at >= c.occurred_at AND coalesce(d.is_success, false)
    GROUP BY c.system, c.change, c.n, c.occurred_at
),
compared AS (
    SELECT
        format('deployment {} {}{}', coalesce(d.system, '?'), d.deployment, CASE WHEN d.n > 1 THEN format(' #{}', d.n) ELSE '' END) AS item,
        CASE
            WHEN d.is_success IS NULL OR d.commit_id IS NULL THEN 'unable'
            WHEN m.commit_id IS NOT NULL THEN 'pass'
            WHEN d.occurred_at::DATE < $period_first::DATE + $grace_days THEN 'unable'
            ELSE 'deviation'
        END AS outcome,
        CASE
            WHEN d.is_success IS NULL THEN 'nobody knows whether it succeeded'
            WHEN d.commit_id IS NULL THEN 'it names no commit'
            WHEN m.commit_id IS NOT NULL THEN format('commit {} is a merged change', d.commit_id[1:12])
            WHEN d.occurred_at::DATE < $period_first::DATE + $grace_days
                THEN format('commit {} may have been merged before the period', d.commit_id[1:12])
            ELSE format('no merged change became commit {}', d.commit_id[1:12])
        END AS reason,
        d.occurred_at
    FROM deployed d LEFT JOIN merged m ON m.commit_id = d.commit_id
    UNION ALL
    SELECT
        format('change {} {}{}', coalesce(system, '?'), change, CASE WHEN n > 1 THEN format(' #{}', n) ELSE '' END) AS item,
        CASE
            WHEN next_at::DATE <= occurred_at::DATE + $grace_days THEN 'pass'
            WHEN next_at IS NULL AND occurred_at::DATE + $grace_days > $period_last THEN 'pass'
            ELSE 'deviation'
        END AS outcome,
        CASE
            WHEN next_at::DATE <= occurred_at::DATE + $grace_days THEN format('deployed after it on {}', next_at::DATE)
            WHEN next_at IS NULL AND occurred_at::DATE + $grace_days > $period_last
                THEN format('the period ends less than {} days after it', $grace_days)
            WHEN next_at IS NULL THEN 'nothing was deployed after it in the period'
            ELSE format('nothing was deployed for {} days after it', next_at::DATE - occurred_at::DATE)
        END AS reason,
        occurred_at
    FROM followed
)
SELECT item, outcome, reason, occurred_at FROM compared ORDER BY item
