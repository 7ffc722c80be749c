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
--   it is neither, and at least half of the line's commits are merges, none of which names a change
--   request kept elsewhere: merges are how this branch is changed, and this one came another way
-- unable: >-
--   it is neither, and change requests are kept in another system, so that only that system can tell
--   a direct push from a rebase merge; or the branch shows no practice of merges
-- blind: >-
--   who pushed, and when: git does not record pushes; a merge made by hand and pushed looks like one
--   made by a change request
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
    SELECT
        2 * count(*) FILTER (WHERE is_merge) >= count(*) AS uses_merges,
        max(change_system) AS kept_in
    FROM line
)
SELECT
    l.commit_id AS item,
    CASE
        WHEN l.committed_at IS NULL THEN 'unable'
        WHEN l.is_requested THEN 'pass'
        WHEN p.kept_in IS NULL AND p.uses_merges THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN l.committed_at IS NULL
            THEN 'its committer time is not one that a calendar has, so nobody knows whether it lies in the period'
        WHEN l.change_request IS NOT NULL THEN format('came from {} {}', l.change_system, l.change_request)
        WHEN l.is_merge THEN 'is a merge'
        WHEN p.kept_in IS NOT NULL
            THEN format('a direct push or a rebase merge: only the system that keeps each {} can tell', p.kept_in)
        WHEN p.uses_merges THEN 'a direct push: not a merge, while merges are how this branch is changed'
        ELSE 'neither a merge nor a named change request, and the branch shows no practice of either'
    END AS reason,
    l.committed_at AS occurred_at
FROM line AS l
CROSS JOIN practice AS p
ORDER BY l.committed_at, l.commit_id
