-- ---
-- id: AC-02.T2
-- title: Accounts of system packages cannot log in
-- control: AC-02
-- nature: inspection
-- population: every account of the host with a user id from 1 to 999
-- tables:
--   host.accounts: [account, uid, is_system, shell, has_login_shell, password]
-- pass: it has no login shell, or its password is locked
-- deviation: it has a login shell and a password that is set or empty
-- unable: it has a login shell, and the state of its password was refused
-- blind: keys that let a locked account in; a service account that a person uses by sudo
-- ---
SELECT
    account AS item,
    CASE
        WHEN NOT has_login_shell OR password = 'locked' THEN 'pass'
        WHEN password IS NULL THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN NOT has_login_shell THEN format('user id {}, no login shell ({})', uid, shell)
        WHEN password = 'locked' THEN format('user id {}, shell {}, password locked', uid, shell)
        WHEN password IS NULL THEN format('user id {}, shell {}, state of the password not known', uid, shell)
        ELSE format('user id {}, shell {}, password {}', uid, shell, password)
    END AS reason
FROM host.accounts
WHERE is_system
ORDER BY account
