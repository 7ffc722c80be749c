-- ---
-- id: CHG-07.T1
-- title: Each change refers to the ticket or change request that asked for it
-- control: CHG-07
-- nature: inspection
-- population: every commit of the period that the release branch reaches, merges left out
-- tables:
--   git.commits: [commit_id, committed_at, is_merge, ticket, change_request, change_system]
-- pass: the message names a ticket or a change request
-- deviation: it names neither, and at least half of the period's commits name one
-- unable: it names neither, and the repository shows no practice of naming them
-- blind: >-
--   whether the ticket exists, says the same, and was approved; links kept by a tracker that points at
--   commits; commits inside a merged branch whose merge names the request
-- ---
WITH changes AS (
    SELECT
        commit_id,
        committed_at,
        coalesce(ticket, change_request) AS request,
        CASE WHEN ticket IS NULL THEN change_system ELSE 'ticket' END AS kind
    FROM git.commits
    WHERE NOT is_merge AND (committed_at IS NULL OR committed_at::DATE BETWEEN $period_first AND $period_last)
),
practice AS (
    SELECT 2 * count(request) >= count(*) AS names_requests FROM changes
)
SELECT
    c.commit_id AS item,
    CASE
        WHEN c.committed_at IS NULL THEN 'unable'
        WHEN c.request IS NOT NULL THEN 'pass'
        WHEN p.names_requests THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN c.committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN c.request IS NOT NULL THEN format('refers to {} {}', c.kind, c.request)
        WHEN p.names_requests THEN 'refers to nothing, while most commits of the period name a request'
        ELSE 'refers to nothing, and the repository shows no practice of naming requests'
    END AS reason,
    c.committed_at AS occurred_at
FROM changes AS c
CROSS JOIN practice AS p
ORDER BY c.committed_at, c.commit_id
