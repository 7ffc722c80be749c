-- ---
-- id: AC-01.T1
-- title: Privileged accounts that can log in were used within 90 days
-- control: AC-01
-- nature: inspection
-- population: every privileged account of the host with a login shell
-- tables:
--   host.accounts: [account, observed_at, has_login_shell, is_privileged, password, expires_on, last_login_at, last_login_known, login_records_from]
-- parameters: {stale_days: 90}
-- pass: it logged in within the days, or its password is locked and nobody ever logged in with it, or it has expired
-- deviation: its last login is older, or it never logged in while the records reach back far enough
-- unable: login records could not be read, or do not reach back far enough
-- blind: >-
--   use through sudo, su or a running service, which login records do not show; keys that let a
--   locked account in; whether an account that is used is still needed
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
        WHEN password = 'locked' THEN format('password locked, and no login since {}', coalesce(login_records_from::VARCHAR, 'records began'))
        WHEN login_records_from <= observed_at::DATE - $stale_days THEN format('no login since {}', login_records_from)
        ELSE format('no login, but the records begin only on {}', coalesce(login_records_from::VARCHAR, 'an unknown day'))
    END AS reason
FROM host.accounts
WHERE is_privileged AND has_login_shell
ORDER BY account
