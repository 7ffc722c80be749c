-- ---
-- id: AC-14.T4
-- title: Secrets found in source were revoked within 4 hours
-- control: AC-14
-- nature: inspection
-- population: every alert of secret scanning on GitHub that was raised in the period, or is still open
-- tables:
--   github.secrets: [system, repository, alert, observed_at, status, resolution, found_at, closed_at, closed_by]
-- parameters: {most_hours: 4}
-- pass: it was closed as revoked within so many hours, or somebody named closed it as no real secret
-- deviation: it was closed as revoked later, is open beyond the hours, or was closed as not to be mended
-- unable: >-
--   its times, its state, or who closed it and why are not known; or it is open and the hours are not
--   over
-- blind: >-
--   whether the service that gave the secret really refuses it; what the scanner does not know; whether
--   a secret called a false one is false
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, repository, alert ORDER BY listed) AS copy
    FROM github.secrets AS listed
    WHERE (found_at IS NULL OR found_at::DATE <= $period_last)
        AND (status IS DISTINCT FROM 'resolved' OR found_at IS NULL OR found_at::DATE >= $period_first)
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(repository, 'unnamed'), 'alert', coalesce(alert::VARCHAR, 'unnumbered'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN found_at IS NULL OR status IS NULL THEN 'unable'
        WHEN status = 'open' AND date_diff('minute', found_at, observed_at) > 60 * $most_hours THEN 'deviation'
        WHEN status = 'open' THEN 'unable'
        WHEN status <> 'resolved' OR resolution IS NULL OR closed_by IS NULL THEN 'unable'
        WHEN resolution IN ('false_positive', 'used_in_tests') THEN 'pass'
        WHEN resolution = 'wont_fix' THEN 'deviation'
        WHEN resolution <> 'revoked' OR closed_at IS NULL OR closed_at < found_at THEN 'unable'
        WHEN date_diff('second', found_at, closed_at) <= 3600 * $most_hours THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN found_at IS NULL OR status IS NULL THEN 'not known when it was found, or whether it is open'
        WHEN status = 'open' AND date_diff('minute', found_at, observed_at) > 60 * $most_hours THEN format('found {}, and open {} hours later', found_at, date_diff('hour', found_at, observed_at))
        WHEN status = 'open' THEN format('found {}, and open when it was looked at', found_at)
        WHEN status <> 'resolved' OR resolution IS NULL OR closed_by IS NULL THEN 'not known how it ended, or by whom'
        WHEN resolution IN ('false_positive', 'used_in_tests') THEN format('closed as {} by {}', resolution, closed_by)
        WHEN resolution = 'wont_fix' THEN format('closed by {} as not to be mended', closed_by)
        WHEN resolution <> 'revoked' OR closed_at IS NULL OR closed_at < found_at THEN format('closed as {} {}, which does not say when the secret ended', resolution, coalesce('on ' || closed_at::VARCHAR, 'at an unknown time'))
        WHEN date_diff('second', found_at, closed_at) <= 3600 * $most_hours THEN format('found {}, revoked {}', found_at, closed_at)
        ELSE format('found {}, revoked {}, {} hours later', found_at, closed_at, date_diff('hour', found_at, closed_at))
    END AS reason
FROM named
ORDER BY item
