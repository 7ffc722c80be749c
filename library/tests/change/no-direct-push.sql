-- ---
-- id: CHG-02.T1
-- title: Changes reach the release branch by a merge or a change request, not by a direct push
-- control: CHG-02
-- nature: inspection
-- population: every commit of the period on the release branch's own line (first parents)
-- tables:
--   git.commits: [commit_id, committed_at, is_merge, on_first_parent, change_request, change_system]
-- pass: it is a merge, or it names the change request that it came from
-- deviation: >-
--   it is neither, and at least half of the line's commits are, so that merges and change requests
--   are how this branch is changed
-- unable: it is neither, and the branch shows no such practice, so that a push cannot be told apart
-- blind: >-
--   who pushed, and when: git does not record pushes; a rebase merge without a number looks like a
--   direct push; a merge made by hand and pushed looks like one made by a change request
-- ---
WITH line AS (
    SELECT
        commit_id,
        committed_at,
        is_merge,
        change_request,
        change_system,
        is_merge OR change_request IS NOT NULL AS is_requested
    FROM git.commits
    WHERE on_first_parent AND (committed_at IS NULL OR committed_at::DATE BETWEEN $period_first AND $period_last)
),
practice AS (
    SELECT 2 * count(*) FILTER (WHERE is_requested) >= count(*) AS uses_requests FROM line
)
SELECT
    l.commit_id AS item,
    CASE
        WHEN l.committed_at IS NULL THEN 'unable'
        WHEN l.is_requested THEN 'pass'
        WHEN p.uses_requests THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN l.committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN l.change_request IS NOT NULL THEN format('came from {} {}', l.change_system, l.change_request)
        WHEN l.is_merge THEN 'is a merge'
        WHEN p.uses_requests
            THEN 'neither a merge nor a named change request: a direct push, or a rebase merge without its number'
        ELSE 'neither a merge nor a named change request, and the branch shows no practice of either'
    END AS reason,
    l.committed_at AS occurred_at
FROM line AS l
CROSS JOIN practice AS p
ORDER BY l.committed_at, l.commit_id
