-- ---
-- id: CHG-03.T1
-- title: Each release is an annotated tag that names who released it
-- control: CHG-03
-- nature: inspection
-- population: every tag of the period whose name is a version
-- tables:
--   git.tags: [tag, is_release, is_annotated, tagger_name, tagger_email, tagged_at]
-- pass: the tag is annotated and names its tagger
-- deviation: the tag is lightweight, or names nobody
-- unable: not known whether the tag is annotated
-- blind: >-
--   releases without a tag; tags that were deleted, moved, or have no time that a calendar has; a
--   lightweight tag has its commit's time, not its own; whether the tagger was allowed to release
-- ---
SELECT
    tag AS item,
    CASE
        WHEN is_annotated IS NULL THEN 'unable'
        WHEN is_annotated AND coalesce(tagger_name, tagger_email) IS NOT NULL THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_annotated IS NULL THEN 'not known whether it is annotated'
        WHEN NOT is_annotated THEN 'lightweight: it names nobody'
        WHEN coalesce(tagger_name, tagger_email) IS NULL THEN 'annotated, but it names nobody'
        ELSE format('tagged by {}', coalesce(tagger_name, tagger_email))
    END AS reason,
    tagged_at AS occurred_at
FROM git.tags
WHERE is_release AND tagged_at::DATE BETWEEN $period_first AND $period_last
ORDER BY tagged_at, tag
