-- ---
-- id: AC-02.T1
-- title: Only root has user id 0
-- control: AC-02
-- nature: inspection
-- population: every account of the host with user id 0
-- tables:
--   host.accounts: [account, uid]
-- pass: it is root
-- deviation: it is another account with root's rights
-- unable: never; an account without a user id is not listed
-- blind: accounts of a directory service; rights that come from groups, sudo or capabilities
-- ---
SELECT
    account AS item,
    CASE WHEN account = 'root' THEN 'pass' ELSE 'deviation' END AS outcome,
    format('{} has user id 0', account) AS reason
FROM host.accounts
WHERE uid = 0
ORDER BY account
