-- ---
-- id: PRV-06.T2
-- title: Each disclosure was authorized and rests on a basis
-- control: PRV-06
-- nature: inspection
-- population: every disclosure of personal data in the period
-- tables:
--   population.disclosures: [system, occurred_at, disclosure_uid, recipient, basis, is_authorized]
-- pass: it was authorized, and consent, contract or law is named
-- deviation: it was not authorized, or nothing is named
-- unable: nobody decided whether it was authorized
-- blind: disclosures that nobody entered; whether the basis holds
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, disclosure_uid ORDER BY listed) AS copy
    FROM population.disclosures AS listed
    WHERE occurred_at IS NULL OR occurred_at::DATE BETWEEN $period_first AND $period_last
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(disclosure_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN occurred_at IS NULL THEN 'unable'
        WHEN is_authorized IS NULL THEN 'unable'
        WHEN NOT is_authorized THEN 'deviation'
        WHEN basis IS NULL THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN occurred_at IS NULL THEN 'the source does not say when it was, so nobody knows whether it lies in the period'
        WHEN is_authorized IS NULL THEN 'nobody decided whether it was authorized'
        WHEN NOT is_authorized THEN format('it was not authorized; recipient {}', coalesce(recipient, 'not named'))
        WHEN basis IS NULL THEN 'no basis is named'
        ELSE format('{}, {}', coalesce(recipient, 'recipient not named'), basis)
    END AS reason,
    occurred_at
FROM named
ORDER BY occurred_at, item
