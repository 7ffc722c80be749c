-- ---
-- id: CHG-05.T1
-- title: The release branch only ever moved forward
-- control: CHG-05
-- nature: inspection
-- population: every move of the release branch in the period that a reflog shows
-- tables:
--   git.branch_moves: [ref, moved_at, old_commit, new_commit, is_fast_forward, authority]
-- pass: the old commit is an ancestor of the new one
-- deviation: >-
--   it is not, and the reflog is a server's own or shows what was published: history was rewritten
-- unable: >-
--   the move was made in a clone, where rewriting may never have been published; or the old commit
--   is gone, so that nobody can tell
-- blind: >-
--   moves before the reflog begins (entries expire after 90 days by default) and moves that no fetch
--   of this clone saw; whoever controls the repository can edit its reflog
-- ---
WITH moves AS (
    SELECT
        ref,
        moved_at,
        old_commit,
        new_commit,
        is_fast_forward,
        authority,
        row_number() OVER (
            PARTITION BY ref, moved_at, old_commit, new_commit ORDER BY is_fast_forward
        ) AS repeated
    FROM git.branch_moves
    WHERE moved_at::DATE BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(
        ' ', ref, strftime(moved_at, '%Y-%m-%dT%H:%M:%S'),
        coalesce(old_commit, 'none'), coalesce(new_commit, 'none'), nullif(repeated, 1)
    ) AS item,
    CASE
        WHEN is_fast_forward THEN 'pass'
        WHEN authority = 'local' OR is_fast_forward IS NULL THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_fast_forward THEN 'moved forward'
        WHEN is_fast_forward IS NULL THEN 'the old commit is gone, so the direction cannot be known'
        WHEN authority = 'local' THEN 'rewritten in a clone; whether that was ever published cannot be known'
        WHEN new_commit IS NULL THEN format('the branch was deleted ({})', authority)
        ELSE format('history was rewritten ({})', authority)
    END AS reason,
    moved_at AS occurred_at
FROM moves
ORDER BY moved_at, item
