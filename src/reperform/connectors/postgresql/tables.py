"""postgresql: the tables of what only a database server has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

SERVER = TableSpec(
    "postgresql.server",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("version", Type.TEXT, "as 15.7"),
        Column("is_replica", Type.BOOLEAN, "it follows another server"),
        Column("started_at", Type.TIMESTAMP, "when it was started"),
        Column("offers_tls", Type.BOOLEAN, "the setting ssl is on"),
        Column("demands_tls", Type.BOOLEAN, "no rule lets the network in without; NULL: not known"),
        Column("password_kind", Type.TEXT, "how new passwords are kept: scram-sha-256 or md5"),
        Column("has_pgaudit", Type.BOOLEAN, "pgaudit is loaded; NULL when not known"),
        Column("pgaudit_log", Type.TEXT, "classes of statements that pgaudit records"),
        Column("logs_connections", Type.BOOLEAN, "log_connections is on"),
        Column("archives", Type.BOOLEAN, "archive_mode is on: every change is kept elsewhere"),
        Column("archived_at", Type.TIMESTAMP, "when a change was last archived; NULL: never"),
        Column("archive_failed_at", Type.TIMESTAMP, "when archiving last failed; NULL: never"),
    ),
)

SETTINGS = TableSpec(
    "postgresql.settings",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("name", Type.TEXT, "of the setting"),
        Column("value", Type.TEXT, "in force, at most 2,000 characters"),
        Column("unit", Type.TEXT, "of the value; NULL when it has none"),
        Column("source", Type.TEXT, "default, configuration file, ..."),
        Column("needs_restart", Type.BOOLEAN, "the file says another value since the last start"),
    ),
)

ACCESS_RULES = TableSpec(
    "postgresql.access_rules",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("line", Type.INTEGER, "in pg_hba.conf: the first that fits decides"),
        Column("kind", Type.TEXT, "local, host, hostssl, hostnossl, hostgssenc, hostnogssenc"),
        Column("databases", Type.TEXT, "joined by a comma"),
        Column("users", Type.TEXT, "joined by a comma"),
        Column("address", Type.TEXT, "network, host name, all, samenet; NULL of a local rule"),
        Column("method", Type.TEXT, "scram-sha-256, md5, password, trust, peer, reject, ..."),
        Column("is_network", Type.BOOLEAN, "it lets in others than this machine"),
        Column("demands_tls", Type.BOOLEAN, "it lets nobody in without TLS"),
        Column("error", Type.TEXT, "why the server cannot read the line"),
    ),
)

REPLICAS = TableSpec(
    "postgresql.replicas",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("replica", Type.TEXT, "application_name that it gives"),
        Column("address", Type.TEXT, "where it is; NULL: on this machine"),
        Column("state", Type.TEXT, "streaming, catchup, ..."),
        Column("is_synchronous", Type.BOOLEAN, "a change waits for it"),
        Column(
            "lag_seconds", Type.INTEGER, "how far it is behind; NULL when it is not, or unknown"
        ),
    ),
)
