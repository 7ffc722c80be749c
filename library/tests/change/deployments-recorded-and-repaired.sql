-- ---
-- id: CHG-10.T2
-- title: Each deployment names who deployed it, and a failed one was followed by one that worked
-- control: CHG-10
-- nature: inspection
-- population: >-
--   every deployment of the period to production, which is every environment but those named as one
--   for development, tests, previews, reviews, demonstrations or staging
-- tables:
--   population.deployments: [system, occurred_at, deployment_uid, application, environment, by_account, is_success]
-- parameters: {most_hours: 24}
-- pass: >-
--   it is named who or what deployed it, and it worked, or the same application was deployed
--   successfully within so many hours
-- deviation: nobody is named, or it failed and no successful one followed in time
-- unable: the source does not name the environment or the application, or say whether it worked
-- blind: whether what runs is right; a repair without a deployment
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, deployment_uid ORDER BY listed) AS copy
    FROM population.deployments AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last::DATE + 7)
        AND NOT coalesce(regexp_matches(lower(environment), '(^|[^a-z])(dev|development|test|testing|qa|ci|stag|staging|preview|review|sandbox|demo|preprod|pre-prod|pre-production)([^a-z]|$)'), false)
),
followed AS (
    SELECT
        d.*,
        (
            SELECT count(*)
            FROM named AS n
            WHERE
                n.application = d.application
                AND n.is_success
                AND n.occurred_at > d.occurred_at
                AND n.occurred_at <= d.occurred_at + to_hours($most_hours)
        ) AS repairs
    FROM named AS d
    WHERE d.occurred_at IS NULL OR d.occurred_at::DATE <= $period_last
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(deployment_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL OR environment IS NULL OR is_success IS NULL THEN 'unable'
        WHEN by_account IS NULL THEN 'deviation'
        WHEN is_success THEN 'pass'
        WHEN application IS NULL THEN 'unable'
        WHEN repairs > 0 THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL OR environment IS NULL OR is_success IS NULL
            THEN 'the source does not say where and when it was, or whether it worked'
        WHEN by_account IS NULL THEN 'nothing names who or what deployed it'
        WHEN is_success THEN format('deployed by {}', by_account)
        WHEN application IS NULL THEN 'it failed, and nothing says of what it was'
        WHEN repairs > 0 THEN 'it failed, and one that worked followed in time'
        ELSE format('it failed, and none that worked followed within {} hours', $most_hours)
    END AS reason,
    occurred_at
FROM followed
ORDER BY occurred_at, item
