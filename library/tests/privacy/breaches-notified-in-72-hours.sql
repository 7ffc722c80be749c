-- ---
-- id: PRV-07.T2
-- title: Those concerned were told of an unauthorized disclosure within 72 hours
-- control: PRV-07
-- nature: inspection
-- population: >-
--   every disclosure of the period that was not authorized, or of which nobody decided it, noticed
--   three days before the end or earlier
-- tables:
--   population.disclosures: [system, occurred_at, disclosure_uid, is_authorized, noticed_at, notified_at]
-- parameters: {most_hours: 72}
-- pass: they were told within so many hours after it was noticed
-- deviation: they were told later, or not yet
-- unable: nobody decided whether it was authorized, or nothing says when it was noticed
-- blind: >-
--   disclosures that were not noticed; cases in which the law asks for no notice, which the
--   register of incidents decides
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, disclosure_uid ORDER BY listed) AS copy
    FROM population.disclosures AS listed
    WHERE
        (occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last)
        AND is_authorized IS NOT TRUE AND (noticed_at IS NULL OR noticed_at::DATE + 3 <= $period_last)
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(disclosure_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_authorized IS NULL OR noticed_at IS NULL THEN 'unable'
        WHEN notified_at IS NULL THEN 'deviation'
        WHEN notified_at <= noticed_at + to_hours($most_hours) THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_authorized IS NULL OR noticed_at IS NULL THEN 'nobody decided whether it was authorized, or nothing says when it was noticed'
        WHEN notified_at IS NULL THEN format('noticed {}, nobody was told', noticed_at)
        WHEN notified_at <= noticed_at + to_hours($most_hours) THEN format('noticed {}, told {}', noticed_at, notified_at)
        ELSE format('noticed {}, told only {}', noticed_at, notified_at)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
