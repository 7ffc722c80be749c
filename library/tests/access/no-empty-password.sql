-- ---
-- id: AC-03.T1
-- title: No account can log in with an empty password
-- control: AC-03
-- nature: inspection
-- population: every account of the host
-- tables:
--   host.accounts: [account, password]
-- pass: its password is set or locked
-- deviation: its password is empty
-- unable: the state of its password was refused
-- blind: how good a password is; passwords of services that do not use the host's accounts
-- ---
SELECT
    account AS item,
    CASE
        WHEN password IS NULL THEN 'unable'
        WHEN password = 'empty' THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN password IS NULL THEN 'the state of its password is not known'
        ELSE format('its password is {}', password)
    END AS reason
FROM host.accounts
ORDER BY account
