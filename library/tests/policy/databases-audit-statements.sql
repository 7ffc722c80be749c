-- ---
-- id: POL-03.T6
-- title: Database servers audit changes of data, of structure and of roles
-- control: POL-03
-- nature: inspection
-- population: every connected PostgreSQL server
-- tables:
--   postgresql.server: [system, has_pgaudit, pgaudit_log]
-- # Classes of pgaudit: all, or write, ddl and role each; a class with a minus before it is left out.
-- pass: pgaudit is loaded and records the classes write, ddl and role
-- deviation: it is not loaded, or leaves one of them out
-- unable: the one who asks may not see whether pgaudit is loaded, or what it records
-- blind: >-
--   settings of single roles and databases, which may record more or less; reading; where the record
--   goes and how long it is kept
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system ORDER BY listed) AS copy
    FROM postgresql.server AS listed
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN NOT has_pgaudit THEN 'deviation'
        WHEN len(list_filter(
            ['write', 'ddl', 'role'],
            lambda class: list_contains(string_split(replace(lower(pgaudit_log), ' ', ''), ','), '-' || class)
            OR NOT list_has_any(string_split(replace(lower(pgaudit_log), ' ', ''), ','), ['all', class])
        )) > 0 THEN 'deviation'
        WHEN has_pgaudit IS NULL OR pgaudit_log IS NULL THEN 'unable'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN NOT has_pgaudit THEN 'pgaudit is not loaded'
        WHEN len(list_filter(
            ['write', 'ddl', 'role'],
            lambda class: list_contains(string_split(replace(lower(pgaudit_log), ' ', ''), ','), '-' || class)
            OR NOT list_has_any(string_split(replace(lower(pgaudit_log), ' ', ''), ','), ['all', class])
        )) > 0 THEN format('pgaudit records only: {}', pgaudit_log)
        WHEN has_pgaudit IS NULL OR pgaudit_log IS NULL THEN 'not known whether pgaudit is loaded, and what it records'
        ELSE format('pgaudit records: {}', pgaudit_log)
    END AS reason
FROM named
ORDER BY item
