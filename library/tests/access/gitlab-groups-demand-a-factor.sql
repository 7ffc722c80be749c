-- ---
-- id: AC-13.T7
-- title: GitLab demands a second factor of the members of each group
-- control: AC-13
-- nature: inspection
-- population: every group that the connected accounts of GitLab list
-- tables:
--   gitlab.groups: [system, group_name, requires_mfa, mfa_grace_hours]
-- # GitLab's own default for the time of grace is 48 hours.
-- parameters: {most_grace_hours: 48}
-- pass: members have to set up a second factor within the hours of grace
-- deviation: they need not, or may wait longer
-- unable: GitLab does not say whether it is demanded, or how long members may wait
-- blind: >-
--   whether each member has set one up, which GitLab shows to administrators of the server only; a
--   demand of the whole server; factors of another identity provider
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, group_name ORDER BY listed) AS copy
    FROM gitlab.groups AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(group_name::VARCHAR, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT requires_mfa THEN 'deviation'
        WHEN requires_mfa IS NULL OR mfa_grace_hours IS NULL THEN 'unable'
        WHEN mfa_grace_hours <= $most_grace_hours THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN NOT requires_mfa THEN 'members need no second factor'
        WHEN requires_mfa IS NULL OR mfa_grace_hours IS NULL THEN 'not known whether a second factor is demanded, and after how long'
        WHEN mfa_grace_hours <= $most_grace_hours THEN format('demanded after {} hours', mfa_grace_hours)
        ELSE format('members may wait {} hours; {} are allowed', mfa_grace_hours, $most_grace_hours)
    END AS reason
FROM named
ORDER BY item
