-- ---
-- id: NET-01.T1
-- title: A host firewall refuses incoming traffic by default
-- control: NET-01
-- nature: inspection
-- population: the host, judged over every packet filter whose rules could be listed
-- tables:
--   host.system: [host, is_container]
--   host.firewall: [backend, input_rules, input_policy, refuses_by_default]
-- pass: at least one filter drops or rejects incoming traffic that no rule allows
-- deviation: every filter that could be listed lets such traffic in
-- unable: >-
--   no filter could be listed or read; or the host is a container, whose traffic the machine outside
--   it filters
-- blind: >-
--   filters outside the host; eBPF programs; whether the rules allow more than they should; a filter
--   for one address family only counts as a pass for both
-- ---
WITH filters AS (
    SELECT
        count(*) AS listed,
        count(refuses_by_default) AS readable,
        count(*) FILTER (WHERE refuses_by_default) AS refusing,
        string_agg(
            format('{}: {} rules, policy {}', backend, coalesce(input_rules::VARCHAR, '?'), coalesce(input_policy, '?')),
            '; ' ORDER BY backend
        ) AS said
    FROM host.firewall
)
SELECT
    s.host AS item,
    CASE
        WHEN f.refusing > 0 THEN 'pass'
        WHEN coalesce(s.is_container, false) OR f.listed = 0 OR f.readable < f.listed THEN 'unable'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN f.listed = 0 THEN 'no packet filter could be listed'
        WHEN f.refusing = 0 AND coalesce(s.is_container, false)
            THEN format('a container: the machine outside it filters ({})', f.said)
        ELSE f.said
    END AS reason
FROM host.system AS s
CROSS JOIN filters AS f
ORDER BY s.host
