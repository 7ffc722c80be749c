-- ---
-- id: CHG-01.T1
-- title: Each change on the release branch was reviewed by someone other than its author
-- control: CHG-01
-- nature: inspection
-- population: every commit of the period that the release branch reaches, merges left out, as git lists them
-- tables:
--   git.commits: [commit_id, author_email, author_name, committed_at, is_merge, change_request, change_system]
--   git.trailers: [commit_id, key, name, email]
-- pass: a Reviewed-by, Acked-by or Approved-by trailer names someone other than the author
-- deviation: >-
--   such trailers name the author only; or there is none, nothing refers to another system, and at
--   least half of the period's commits carry one, so that trailers are where reviews are recorded
-- unable: >-
--   the approval is kept in another system (a change request is named), or nothing in git says
--   where approvals are kept, or the author is not known
-- blind: >-
--   whether the reviewer read the change; approvals outside git; persons with two addresses count
--   as two persons; a trailer can be typed by the author
-- ---
WITH changes AS (
    SELECT commit_id, author_email, author_name, committed_at, change_request, change_system
    FROM git.commits
    WHERE NOT is_merge AND (committed_at IS NULL OR committed_at::DATE BETWEEN $period_first AND $period_last)
),
reviews AS (
    SELECT
        c.commit_id,
        count(*) AS trailers,
        count(*) FILTER (
            WHERE (t.email IS NOT NULL AND t.email <> c.author_email)
            OR (t.email IS NULL AND t.name IS NOT NULL AND lower(t.name) <> lower(c.author_name))
        ) AS by_others
    FROM changes AS c
    INNER JOIN git.trailers AS t ON t.commit_id = c.commit_id
    WHERE t.key IN ('reviewed-by', 'acked-by', 'approved-by')
    GROUP BY c.commit_id
),
practice AS (
    SELECT 2 * (SELECT count(*) FROM reviews) >= count(*) AS keeps_reviews_in_trailers
    FROM changes
)
SELECT
    c.commit_id AS item,
    CASE
        WHEN c.committed_at IS NULL THEN 'unable'
        WHEN r.by_others > 0 THEN 'pass'
        WHEN coalesce(c.author_email, '') = '' AND coalesce(c.author_name, '') = '' THEN 'unable'
        WHEN r.trailers > 0 THEN 'deviation'
        WHEN c.change_request IS NOT NULL THEN 'unable'
        WHEN p.keeps_reviews_in_trailers THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN c.committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN r.by_others > 0 THEN format('reviewed by {} other than its author', r.by_others)
        WHEN coalesce(c.author_email, '') = '' AND coalesce(c.author_name, '') = ''
            THEN 'the commit names no author, so nobody can be told apart from them'
        WHEN r.trailers > 0 THEN 'reviewed by its author only'
        WHEN c.change_request IS NOT NULL
            THEN format('approval is kept in {} {}, which git does not hold', c.change_system, c.change_request)
        WHEN p.keeps_reviews_in_trailers
            THEN 'no review is recorded, while most commits of the period record theirs'
        ELSE 'nothing in git says where approvals are kept'
    END AS reason,
    c.committed_at AS occurred_at
FROM changes AS c
CROSS JOIN practice AS p
LEFT JOIN reviews AS r ON r.commit_id = c.commit_id
ORDER BY c.committed_at, c.commit_id
