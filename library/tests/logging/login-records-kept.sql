-- ---
-- id: LOG-04.T1
-- title: Login records reach back to the beginning of the period
-- control: LOG-04
-- nature: inspection
-- population: the login records of the host
-- tables:
--   host.accounts: [login_records_from, last_login_known]
-- pass: the records begin on or before the first day of the period
-- deviation: they begin later
-- unable: they could not be read, or nothing says when they begin
-- blind: gaps within the records; logins that they do not show; a copy in a central log
-- ---
WITH records AS (
    SELECT
        count(*) AS accounts,
        bool_or(last_login_known) AS is_known,
        min(login_records_from) AS begin_on
    FROM host.accounts
)
SELECT
    'login records' AS item,
    CASE
        WHEN NOT coalesce(is_known, false) OR begin_on IS NULL THEN 'unable'
        WHEN begin_on <= $period_first THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN NOT coalesce(is_known, false) THEN 'login records could not be read'
        WHEN begin_on IS NULL THEN 'nothing says when the login records begin'
        ELSE format('they begin on {}; the period begins on {}', begin_on, $period_first::DATE)
    END AS reason
FROM records
WHERE accounts > 0
ORDER BY item
