-- ---
-- id: VEN-01.T2
-- title: Each vendor was reviewed before its next review was due
-- control: VEN-01
-- nature: inspection
-- population: every vendor of the register
-- tables:
--   population.vendors: [system, observed_at, vendor_uid, name, reviewed_on, review_due_on]
-- pass: it was reviewed, and the next review is not over due
-- deviation: it was never reviewed, or the next review is over due
-- unable: the register does not say when the next review is due, or when it was looked at
-- blind: what was reviewed, and whether somebody read it; vendors that are not in the register
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, vendor_uid ORDER BY listed) AS copy
    FROM population.vendors AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(vendor_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN observed_at IS NULL THEN 'unable'
        WHEN reviewed_on IS NULL THEN 'deviation'
        WHEN review_due_on IS NULL THEN 'unable'
        WHEN review_due_on >= observed_at::DATE THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN observed_at IS NULL THEN 'nothing says when the register was looked at'
        WHEN reviewed_on IS NULL THEN format('{} was never reviewed', coalesce(name, 'it'))
        WHEN review_due_on IS NULL THEN 'the register does not say when the next review is due'
        WHEN review_due_on >= observed_at::DATE THEN format('{} reviewed {}, next by {}', coalesce(name, 'it'), reviewed_on, review_due_on)
        ELSE format('{} reviewed {}, the next was due {}', coalesce(name, 'it'), reviewed_on, review_due_on)
    END AS reason
FROM named
ORDER BY item
