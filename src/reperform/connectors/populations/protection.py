"""What is to be protected, and how it is: CC6.1, CC6.6 to CC6.8."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

ENDPOINTS = TableSpec(
    "population.endpoints",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("device_uid", Type.TEXT, "serial number or the source's id", "device.uid"),
        Column("hostname", Type.TEXT, "its name", "device.hostname"),
        Column("owner", Type.TEXT, "e-mail or account of who has it", "device.owner.email_addr"),
        Column("os", Type.TEXT, "operating system", "device.os.name"),
        Column("os_version", Type.TEXT, "as the source writes it", "device.os.version"),
        Column("is_managed", Type.BOOLEAN, "the settings are enforced", "device.is_managed"),
        Column("is_encrypted", Type.BOOLEAN, "every built-in disk; NULL when not known"),
        Column("locks_screen", Type.BOOLEAN, "by itself, with a password; NULL when not known"),
        Column("has_antimalware", Type.BOOLEAN, "runs and is current; NULL when not known"),
        Column("last_seen_at", Type.TIMESTAMP, "when it last reported", "device.last_seen_time"),
    ),
    "5001 Device Inventory Info",
)

ASSETS = TableSpec(
    "population.assets",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("asset_uid", Type.TEXT, "ARN, address, serial number", "resources.uid"),
        Column("name", Type.TEXT, "what people call it", "resources.name"),
        Column("kind", Type.TEXT, "bucket, database, volume, repository, ...", "resources.type"),
        Column("owner", Type.TEXT, "who answers for it; NULL when nobody is named"),
        Column("region", Type.TEXT, "where it is", "resources.region"),
        Column("is_public", Type.BOOLEAN, "anybody can read it; NULL when not known"),
        Column("is_backed_up", Type.BOOLEAN, "NULL when not known"),
        Column("is_versioned", Type.BOOLEAN, "what is overwritten is kept; NULL when not known"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
    ),
    "5023 Cloud Resources Inventory Info",
)

FIREWALL_RULES = TableSpec(
    "population.firewall_rules",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("firewall", Type.TEXT, "security group, table or device that holds the rule"),
        Column(
            "rule_uid", Type.TEXT, "id of the rule, or its place in the list", "firewall_rule.uid"
        ),
        Column("direction", Type.TEXT, "in or out"),
        Column("action", Type.TEXT, "accept or refuse"),
        Column("protocol", Type.TEXT, "tcp, udp, icmp, ..., or all"),
        Column("port_first", Type.INTEGER, "NULL: every port, or a protocol without ports"),
        Column("port_last", Type.INTEGER, "as port_first"),
        Column("remote", Type.TEXT, "network or group on the other side"),
        Column("is_public", Type.BOOLEAN, "the other side is the whole Internet"),
        Column("says", Type.TEXT, "what the rule says it is for; NULL: nothing"),
    ),
)

ENCRYPTION = TableSpec(
    "population.encryption",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("resource", Type.TEXT, "ARN, mount, address", "resources.uid"),
        Column("kind", Type.TEXT, "bucket, volume, snapshot, database, connections, ..."),
        Column("is_in_transit", Type.BOOLEAN, "while it moves; false: while it rests"),
        Column("is_encrypted", Type.BOOLEAN, "NULL when not known"),
        Column("algorithm", Type.TEXT, "as the source names it", "encryption_details.algorithm"),
        Column("key_uid", Type.TEXT, "key that it uses", "encryption_details.key_uid"),
        Column("is_own_key", Type.BOOLEAN, "we manage the key; NULL when not known"),
    ),
)

TABLES = (ENDPOINTS, ASSETS, FIREWALL_RULES, ENCRYPTION)
