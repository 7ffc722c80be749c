"""prometheus: the tables of what only Prometheus has; availability is a population."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import EVENT, OBSERVED, OCCURRED, SYSTEM

RULES = TableSpec(
    "prometheus.rules",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("rule_group", Type.TEXT, "group and the file that it is in"),
        Column("rule", Type.TEXT, "name of the alert"),
        Column("expression", Type.TEXT, "at most 2,000 characters"),
        Column("for_seconds", Type.INTEGER, "how long it must hold before it fires"),
        Column("severity", Type.TEXT, "its label severity; NULL: none"),
        Column("watches_availability", Type.BOOLEAN, "by a metric that says what is up"),
        Column("watches_errors", Type.BOOLEAN, "by a metric that counts errors or failures"),
        Column("watches_disks", Type.BOOLEAN, "by a metric of what is left of file systems"),
        Column("watches_certificates", Type.BOOLEAN, "by a metric of when one expires"),
        Column("health", Type.TEXT, "ok, err or unknown: how its last evaluation went"),
        Column("error", Type.TEXT, "why its last evaluation failed"),
        Column("evaluated_at", Type.TIMESTAMP, "last; NULL when it never was, or it is not said"),
        Column("is_late", Type.BOOLEAN, "not evaluated for five times its interval, when asked"),
        Column("state", Type.TEXT, "inactive, pending or firing"),
        Column("receivers", Type.INTEGER, "Alertmanagers that alerts are sent to; NULL: not known"),
    ),
)

TARGETS = TableSpec(
    "prometheus.targets",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("pool", Type.TEXT, "part of the configuration that it is from"),
        Column("target", Type.TEXT, "its labels; of a dropped one, those that it was found with"),
        Column("address", Type.TEXT, "that is asked, without a name or a password in it"),
        Column("state", Type.TEXT, "up, down, unknown, or dropped: found, and left out by a rule"),
        Column("error", Type.TEXT, "why it was not reached"),
        Column("asked_at", Type.TIMESTAMP, "when it was asked last; NULL when it never was"),
    ),
)

ALERTS = TableSpec(
    "prometheus.alerts",
    Kind.EVENTS,
    (
        SYSTEM,
        EVENT,
        OCCURRED,
        Column("alert", Type.TEXT, "name of the rule"),
        Column("severity", Type.TEXT, "label severity; NULL: none"),
        Column("labels", Type.TEXT, "that tell it from others of the rule"),
        Column("active_at", Type.TIMESTAMP, "when its condition began; NULL when not known"),
        Column("last_at", Type.TIMESTAMP, "last moment at which it was found to fire"),
        Column("is_over", Type.BOOLEAN, "it was seen not to fire afterwards; NULL: not so"),
        Column("samples", Type.INTEGER, "how often it was found to fire"),
    ),
)
