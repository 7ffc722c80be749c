-- ---
-- id: CHG-08.T1
-- title: Each change carries its author's own sign-off
-- control: CHG-08
-- nature: inspection
-- population: every commit of the period that the release branch reaches, merges left out
-- tables:
--   git.commits: [commit_id, committed_at, is_merge, author_email, author_name]
--   git.trailers: [commit_id, key, name, email]
-- pass: a Signed-off-by trailer names the author
-- deviation: >-
--   sign-offs name others only; or there is none, and at least half of the period's commits carry one
-- unable: there is none, and the repository shows no practice of sign-offs
-- blind: >-
--   whether the person who typed the trailer is the one it names; agreements signed elsewhere
-- ---
WITH changes AS (
    SELECT commit_id, committed_at, author_email, author_name
    FROM git.commits
    WHERE NOT is_merge AND (committed_at IS NULL OR committed_at::DATE BETWEEN $period_first AND $period_last)
),
sign_offs AS (
    SELECT
        c.commit_id,
        count(*) AS trailers,
        count(*) FILTER (
            WHERE t.email = c.author_email OR lower(t.name) = lower(c.author_name)
        ) AS own
    FROM changes AS c
    INNER JOIN git.trailers AS t ON t.commit_id = c.commit_id
    WHERE t.key = 'signed-off-by'
    GROUP BY c.commit_id
),
practice AS (
    SELECT 2 * (SELECT count(*) FROM sign_offs) >= count(*) AS signs_off FROM changes
)
SELECT
    c.commit_id AS item,
    CASE
        WHEN c.committed_at IS NULL THEN 'unable'
        WHEN s.own > 0 THEN 'pass'
        WHEN s.trailers > 0 OR p.signs_off THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN c.committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN s.own > 0 THEN 'signed off by its author'
        WHEN s.trailers > 0 THEN format('signed off {} times, never by its author', s.trailers)
        WHEN p.signs_off THEN 'not signed off, while most commits of the period are'
        ELSE 'not signed off, and the repository shows no practice of sign-offs'
    END AS reason,
    c.committed_at AS occurred_at
FROM changes AS c
CROSS JOIN practice AS p
LEFT JOIN sign_offs AS s ON s.commit_id = c.commit_id
ORDER BY c.committed_at, c.commit_id
