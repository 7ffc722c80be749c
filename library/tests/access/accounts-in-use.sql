-- ---
-- id: AC-08.T1
-- title: Accounts of persons that can log in were used within 90 days
-- control: AC-08
-- nature: inspection
-- population: every account with a user id from 1000 and a login shell
-- tables:
--   host.accounts: [account, observed_at, uid, is_system, has_login_shell, password, expires_on, last_login_at, last_login_known, login_records_from]
-- parameters: {stale_days: 90}
-- pass: it logged in within the days, or it is locked without a login, or it has expired
-- deviation: its last login is older, or it never logged in while the records reach back far enough
-- unable: login records could not be read, or do not reach back far enough
-- blind: >-
--   whether the person still works here; keys that let a locked account in; accounts of a directory
--   service
-- ---
SELECT
    account AS item,
    CASE
        WHEN expires_on < observed_at::DATE THEN 'pass'
        WHEN last_login_at::DATE >= observed_at::DATE - $stale_days THEN 'pass'
        WHEN last_login_at IS NOT NULL THEN 'deviation'
        WHEN NOT coalesce(last_login_known, false) THEN 'unable'
        WHEN password = 'locked' THEN 'pass'
        WHEN login_records_from <= observed_at::DATE - $stale_days THEN 'deviation'
        ELSE 'unable'
    END AS outcome,
    CASE
        WHEN expires_on < observed_at::DATE THEN format('expired on {}', expires_on)
        WHEN last_login_at IS NOT NULL
            THEN format('last login {}, {} days before', last_login_at::DATE, observed_at::DATE - last_login_at::DATE)
        WHEN NOT coalesce(last_login_known, false) THEN 'login records could not be read'
        WHEN password = 'locked' THEN 'password locked, and no login recorded'
        WHEN login_records_from <= observed_at::DATE - $stale_days THEN format('no login since {}', login_records_from)
        ELSE format('no login, but the records begin only on {}', coalesce(login_records_from::VARCHAR, 'an unknown day'))
    END AS reason
FROM host.accounts
WHERE uid > 0 AND NOT is_system AND has_login_shell
ORDER BY account
