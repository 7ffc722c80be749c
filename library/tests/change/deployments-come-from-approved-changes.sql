-- ---
-- id: CHG-02.T3
-- title: What was deployed to production came from an approved change
-- control: CHG-02
-- nature: inspection
-- population: >-
--   every deployment of the period to production, which is every environment but those named as one
--   for development, tests, previews, reviews, demonstrations or staging, matched by commit with the changes
-- tables:
--   population.deployments: [system, occurred_at, deployment_uid, environment, commit_id, is_success]
--   population.changes: [commit_id, approvals]
-- pass: a change that somebody other than its author approved became the commit
-- deviation: the change that became the commit was approved by nobody else, or no change became it
-- unable: >-
--   the source does not name the environment or the commit, or say whether it succeeded or whether
--   the change was approved
-- blind: >-
--   commits of the deployment before the one that it names; what is changed on the machines
--   themselves
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, deployment_uid ORDER BY listed) AS copy
    FROM population.deployments AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND is_success IS NOT FALSE
        AND NOT coalesce(regexp_matches(lower(environment), '(^|[^a-z])(dev|development|test|testing|qa|ci|stag|staging|preview|review|sandbox|demo|preprod|pre-prod|pre-production)([^a-z]|$)'), false)
),
matched AS (
    SELECT
        d.system,
        concat_ws(' ', coalesce(d.deployment_uid, 'unnamed'), CASE WHEN d.copy > 1 THEN d.copy END) AS name,
        d.environment,
        d.commit_id,
        d.is_success,
        d.occurred_at,
        count(c.commit_id) AS changes,
        count_if(c.approvals > 0) AS approved,
        count_if(c.commit_id IS NOT NULL AND c.approvals IS NULL) AS unclear
    FROM named AS d
    LEFT JOIN population.changes AS c ON c.commit_id = d.commit_id
    GROUP BY d.system, name, d.environment, d.commit_id, d.is_success, d.occurred_at
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), name) AS item,
    CASE
        WHEN occurred_at IS NULL OR environment IS NULL OR commit_id IS NULL OR is_success IS NULL THEN 'unable'
        WHEN approved > 0 THEN 'pass'
        WHEN unclear > 0 THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL OR environment IS NULL OR commit_id IS NULL OR is_success IS NULL
            THEN 'the source does not say what was deployed where and when, or whether it succeeded'
        WHEN approved > 0 THEN format('{} is an approved change', commit_id)
        WHEN unclear > 0 THEN format('nothing says whether the change of {} was approved', commit_id)
        WHEN changes > 0 THEN format('the change of {} was approved by nobody else', commit_id)
        ELSE format('no change became {}', commit_id)
    END AS reason,
    occurred_at
FROM matched
ORDER BY occurred_at, item
