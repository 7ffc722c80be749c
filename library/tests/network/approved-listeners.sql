-- ---
-- id: NET-02.T1
-- title: Only approved ports listen on addresses that others can reach
-- control: NET-02
-- nature: inspection
-- population: every socket of the host that listens on other than a loopback address
-- tables:
--   host.listeners: [protocol, address, port, is_public, process]
-- parameters: {approved_ports: '22,80,443'}
-- pass: its port is on the approved list
-- deviation: it is not
-- unable: not known whether the address can be reached
-- blind: >-
--   what listens at other moments or in other network namespaces; which program it is, when the
--   collection had no right to see that; whether a firewall keeps others away
-- ---
SELECT DISTINCT
    format('{} {}:{}', protocol, address, port) AS item,
    CASE
        WHEN is_public IS NULL THEN 'unable'
        WHEN list_contains(string_split($approved_ports, ','), port::VARCHAR) THEN 'pass'
        ELSE 'deviation'
    END AS outcome,
    CASE
        WHEN is_public IS NULL THEN 'not known whether others can reach it'
        WHEN list_contains(string_split($approved_ports, ','), port::VARCHAR)
            THEN format('port {} is approved', port)
        ELSE format('port {} is not among the approved {}', port, $approved_ports)
    END AS reason
FROM host.listeners
WHERE coalesce(is_public, true) AND (process IS NULL OR process <> '')
ORDER BY item
