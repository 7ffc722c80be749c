"""suricata: the tables of what a sensor saw, and of what it could not see."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import EVENT, OCCURRED, SYSTEM

ALERTS = TableSpec(
    "suricata.alerts",
    Kind.EVENTS,
    (
        SYSTEM,
        EVENT,
        OCCURRED,
        Column("signature_id", Type.INTEGER, "number of the rule", "finding_info.analytic.uid"),
        Column("signature", Type.TEXT, "the rule's own words", "finding_info.title"),
        Column("category", Type.TEXT, "the rule's class, in words"),
        Column("severity", Type.INTEGER, "1 is the highest"),
        Column("action", Type.TEXT, "allowed or blocked"),
        Column("source_ip", Type.TEXT, "of the packet", "evidences.src_endpoint.ip"),
        Column("source_port", Type.INTEGER, "NULL where the protocol has none"),
        Column("target_ip", Type.TEXT, "of the packet", "evidences.dst_endpoint.ip"),
        Column("target_port", Type.INTEGER, "NULL where the protocol has none"),
        Column("protocol", Type.TEXT, "as TCP"),
        Column("application", Type.TEXT, "protocol inside, as http; NULL when not known"),
        Column("flow_uid", Type.TEXT, "alerts of one flow have the same"),
    ),
    ocsf="2004 Detection Finding",
)
DROPS = TableSpec(
    "suricata.drops",
    Kind.EVENTS,
    (
        SYSTEM,
        Column("occurred_at", Type.TIMESTAMP, "begin of the day (UTC) that the row counts"),
        Column("measurements", Type.INTEGER, "statistics that the sensor wrote on the day"),
        Column("packets", Type.INTEGER, "that reached it between them; NULL when not known"),
        Column("dropped", Type.INTEGER, "that it did not look at; NULL when not known"),
        Column("longest_gap", Type.INTEGER, "seconds of the day without statistics, at most"),
    ),
)
TABLES = (ALERTS, DROPS)
