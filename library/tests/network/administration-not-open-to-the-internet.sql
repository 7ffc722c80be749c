-- ---
-- id: NET-05.T2
-- title: No rule lets the whole Internet in to ports of administration and databases
-- control: NET-05
-- nature: inspection
-- population: >-
--   every rule of the connected firewalls and security groups that lets something in, or of which
--   nothing says that it does not
-- tables:
--   population.firewall_rules: [system, firewall, rule_uid, direction, action, protocol, port_first, port_last, remote, is_public]
-- pass: it does not open such a port to the whole Internet
-- deviation: it opens SSH, RDP, a database or every port to the whole Internet
-- unable: >-
--   the source does not say which way it goes, what it does, which protocol it is for, or whether
--   the other side is the whole Internet
-- blind: >-
--   rules of machines and devices that are not connected; services on other ports; addresses that
--   belong to everybody in practice
-- ---
WITH named AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY system, firewall, rule_uid ORDER BY listed) AS copy
    FROM population.firewall_rules AS listed
    WHERE direction IS DISTINCT FROM 'out' AND action IS DISTINCT FROM 'refuse'
)
SELECT
    concat_ws(' ', coalesce(system, 'unknown system'), coalesce(firewall, 'unnamed'), coalesce(rule_uid, 'unnamed'), CASE WHEN copy > 1 THEN copy END) AS item,
    CASE
        WHEN direction IS DISTINCT FROM 'in' OR action IS DISTINCT FROM 'accept' OR protocol IS NULL OR is_public IS NULL THEN 'unable'
        WHEN NOT is_public THEN 'pass'
        WHEN lower(protocol) IN ('icmp', 'icmpv6', '1', '58') THEN 'pass'
        WHEN port_first IS NULL OR port_last IS NULL THEN 'deviation'
        WHEN len(list_filter([22, 23, 1433, 1521, 2375, 3306, 3389, 5432, 5900, 5985, 6379, 9200, 11211, 27017], lambda port: port BETWEEN port_first AND port_last)) > 0 THEN 'deviation'
        ELSE 'pass'
    END AS outcome,
    CASE
        WHEN direction IS DISTINCT FROM 'in' OR action IS DISTINCT FROM 'accept' OR protocol IS NULL OR is_public IS NULL THEN 'the source does not say what it lets in from where'
        WHEN NOT is_public THEN format('{} from {}', protocol, coalesce(remote, 'a named network'))
        WHEN lower(protocol) IN ('icmp', 'icmpv6', '1', '58') THEN 'messages of the network itself'
        WHEN port_first IS NULL OR port_last IS NULL THEN format('every port of {} is open to the whole Internet', protocol)
        WHEN len(list_filter([22, 23, 1433, 1521, 2375, 3306, 3389, 5432, 5900, 5985, 6379, 9200, 11211, 27017], lambda port: port BETWEEN port_first AND port_last)) > 0 THEN format('{} {} to {} is open to the whole Internet', protocol, port_first, port_last)
        ELSE format('{} {} to {} is open to the whole Internet', protocol, port_first, port_last)
    END AS reason
FROM named
ORDER BY item
