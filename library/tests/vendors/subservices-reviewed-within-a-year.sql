-- ---
-- id: VEN-02.T2
-- title: Each subservice organization was reviewed within a year
-- control: VEN-02
-- nature: inspection
-- population: >-
--   every vendor of the register on whose controls ours rest, or of which nothing says that they
--   do not
-- tables:
--   population.vendors: [system, observed_at, vendor_uid, name, is_subservice, reviewed_on]
-- parameters: {most_days: 366}
-- pass: it was reviewed within so many days before the register was looked at
-- deviation: its last review is older, or there was none
-- unable: the register does not say whether our controls rest on it, or when it was looked at
-- blind: whether its report was read, and what it asks of us
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, vendor_uid ORDER BY listed) AS copy
    FROM population.vendors AS listed
    WHERE is_subservice IS NOT FALSE
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(vendor_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN is_subservice IS NULL OR observed_at IS NULL THEN 'unable'
        WHEN reviewed_on IS NULL THEN 'deviation'
        WHEN reviewed_on >= observed_at::DATE - $most_days THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_subservice IS NULL OR observed_at IS NULL THEN 'the register does not say whether our controls rest on it'
        WHEN reviewed_on IS NULL THEN format('{} was never reviewed', coalesce(name, 'it'))
        WHEN reviewed_on >= observed_at::DATE - $most_days THEN format('{} reviewed {}', coalesce(name, 'it'), reviewed_on)
        ELSE format('{} last reviewed {}', coalesce(name, 'it'), reviewed_on)
    END AS reason
FROM named
ORDER BY item
