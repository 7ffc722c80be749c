"""The tables that a Linux host's state and logs are shaped into, whichever way it was asked."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.answer import Row

_OBSERVED = Column("observed_at", Type.TIMESTAMP, "when the host was asked")

SYSTEM = TableSpec(
    "system",
    Kind.STATE,
    (
        Column("host", Type.TEXT, "host name"),
        _OBSERVED,
        Column("os_id", Type.TEXT, "ID of os-release, as debian"),
        Column("os_version", Type.TEXT, "VERSION_ID of os-release, as 12"),
        Column("os_support_ends_on", Type.DATE, "SUPPORT_END of os-release; NULL when not given"),
        Column("kernel", Type.TEXT, "kernel release"),
        Column("asked_as_root", Type.BOOLEAN, "the collection ran with root's rights"),
        Column("is_container", Type.BOOLEAN, "it is a container; NULL when that cannot be told"),
    ),
)

ACCOUNTS = TableSpec(
    "accounts",
    Kind.STATE,
    (
        _OBSERVED,
        Column("account", Type.TEXT, "login name"),
        Column("uid", Type.INTEGER, "numeric user id"),
        Column("shell", Type.TEXT, "login shell as /etc/passwd says"),
        Column("has_login_shell", Type.BOOLEAN, "the shell is not nologin, false or sync"),
        Column("is_privileged", Type.BOOLEAN, "user id 0, or in sudo, wheel, admin, root, docker"),
        Column("is_system", Type.BOOLEAN, "user id below 1000 (UID_MIN), other than 0"),
        Column("groups", Type.TEXT, "groups it is in, sorted, joined by a comma"),
        Column("password", Type.TEXT, "set, locked or empty; NULL when /etc/shadow was refused"),
        Column("password_changed_on", Type.DATE, "NULL when refused or never"),
        Column("expires_on", Type.DATE, "account expiry; NULL when none or refused"),
        Column("last_login_at", Type.TIMESTAMP, "NULL when never, or when not known"),
        Column(
            "last_login_known",
            Type.BOOLEAN,
            "login records were readable and reach back: NULL last_login_at then means never",
        ),
        Column(
            "login_records_from",
            Type.DATE,
            "first day that the login records cover; NULL when not known",
        ),
    ),
)

SUDO_RULES = TableSpec(
    "sudo_rules",
    Kind.STATE,
    (
        _OBSERVED,
        Column("path", Type.TEXT, "sudoers file"),
        Column("line", Type.INTEGER, "line number, from 1"),
        Column("subject", Type.TEXT, "user, %group or alias"),
        Column("rule", Type.TEXT, "the rest of the line"),
        Column("is_nopasswd", Type.BOOLEAN, "carries NOPASSWD"),
        Column("allows_all", Type.BOOLEAN, "its commands include ALL"),
    ),
)

SSHD_SETTINGS = TableSpec(
    "sshd_settings",
    Kind.STATE,
    (
        _OBSERVED,
        Column("keyword", Type.TEXT, "lower case, as sshd -T prints it"),
        Column("value", Type.TEXT, "effective value"),
    ),
)

LISTENERS = TableSpec(
    "listeners",
    Kind.STATE,
    (
        _OBSERVED,
        Column("protocol", Type.TEXT, "tcp or udp"),
        Column("address", Type.TEXT, "local address"),
        Column("port", Type.INTEGER, "local port"),
        Column("is_public", Type.BOOLEAN, "the address is not loopback"),
        Column("process", Type.TEXT, "program that listens; NULL when not permitted to see"),
    ),
)

FIREWALL = TableSpec(
    "firewall",
    Kind.STATE,
    (
        _OBSERVED,
        Column("backend", Type.TEXT, "nftables, iptables or ip6tables; one row for each readable"),
        Column("input_rules", Type.INTEGER, "rules that incoming traffic passes"),
        Column("input_policy", Type.TEXT, "accept or drop: what happens to unmatched traffic"),
        Column(
            "refuses_by_default",
            Type.BOOLEAN,
            "policy drop/reject, or a final catch-all rule that drops or rejects",
        ),
    ),
)

PENDING_UPDATES = TableSpec(
    "pending_updates",
    Kind.STATE,
    (
        _OBSERVED,
        Column("package", Type.TEXT, "binary package"),
        Column("installed", Type.TEXT, "installed version"),
        Column("candidate", Type.TEXT, "version that would be installed"),
        Column("is_security", Type.BOOLEAN, "comes from a security archive"),
        Column(
            "available_days_min",
            Type.INTEGER,
            "known to be available for at least so many days (age of the archive list that "
            "holds it); NULL when not known",
        ),
        Column(
            "available_days_max",
            Type.INTEGER,
            "no older than so many days (last upgrade that left it behind); NULL when not known",
        ),
    ),
)

PACKAGE_STATE = TableSpec(
    "package_state",
    Kind.STATE,
    (
        _OBSERVED,
        Column("manager", Type.TEXT, "apt; one row"),
        Column("installed_packages", Type.INTEGER, "how many are installed"),
        Column("pending_security", Type.INTEGER, "pending updates from a security archive"),
        Column("lists_refreshed_at", Type.TIMESTAMP, "when the archive lists were last fetched"),
        Column("has_security_archive", Type.BOOLEAN, "a security archive is among the sources"),
        Column("is_unattended", Type.BOOLEAN, "unattended upgrades are on; NULL when not known"),
    ),
)

PACKAGES = TableSpec(
    "packages",
    Kind.STATE,
    (
        _OBSERVED,
        Column("package", Type.TEXT, "binary package"),
        Column("version", Type.TEXT, "installed version"),
        Column("architecture", Type.TEXT, "as dpkg names it"),
    ),
)

PACKAGE_CHANGES = TableSpec(
    "package_changes",
    Kind.EVENTS,
    (
        Column("changed_at", Type.TIMESTAMP, "time in the package manager's log, taken as UTC"),
        Column("action", Type.TEXT, "install, upgrade or remove"),
        Column("package", Type.TEXT, "binary package"),
        Column("from_version", Type.TEXT, "NULL on install"),
        Column("to_version", Type.TEXT, "NULL on remove"),
    ),
)

DISKS = TableSpec(
    "disks",
    Kind.STATE,
    (
        _OBSERVED,
        Column("mount", Type.TEXT, "mount point of a file system on a block device, or [SWAP]"),
        Column("device", Type.TEXT, "device name"),
        Column("filesystem", Type.TEXT, "ext4, xfs, ..."),
        Column("is_encrypted", Type.BOOLEAN, "a dm-crypt layer lies below; NULL: cannot be told"),
    ),
)

TIME_SYNC = TableSpec(
    "time_sync",
    Kind.STATE,
    (
        _OBSERVED,
        Column("client", Type.TEXT, "systemd-timesyncd, chrony, ntpd, or none"),
        Column("is_synchronized", Type.BOOLEAN, "NULL when the client did not say"),
    ),
)

SERVICES = TableSpec(
    "services",
    Kind.STATE,
    (
        _OBSERVED,
        Column("role", Type.TEXT, "logging or audit"),
        Column("service", Type.TEXT, "rsyslogd, systemd-journald, syslog-ng, auditd"),
        Column("is_running", Type.BOOLEAN, "a process of it runs"),
        Column("rules", Type.INTEGER, "audit rules loaded; NULL for logging or when refused"),
        Column("keeps_on_disk", Type.BOOLEAN, "its log outlives a restart; NULL when not known"),
    ),
)

CERTIFICATES = TableSpec(
    "certificates",
    Kind.STATE,
    (
        _OBSERVED,
        Column("path", Type.TEXT, "file that holds it"),
        Column("subject", Type.TEXT, "RFC 4514 name"),
        Column("issuer", Type.TEXT, "RFC 4514 name"),
        Column("not_before", Type.TIMESTAMP, "validity"),
        Column("not_after", Type.TIMESTAMP, "validity"),
        Column("is_authority", Type.BOOLEAN, "a certificate authority's own certificate"),
        Column("is_self_signed", Type.BOOLEAN, "subject and issuer are the same"),
        Column("key", Type.TEXT, "kind and size"),
    ),
)

TIMERS = TableSpec(
    "timers",
    Kind.STATE,
    (
        _OBSERVED,
        Column("unit", Type.TEXT, "systemd timer, or the cron file"),
        Column("scheduler", Type.TEXT, "systemd or cron"),
        Column("activates", Type.TEXT, "what it starts"),
        Column("is_backup", Type.BOOLEAN, "names a backup program (restic, borg, pg_dump, ...)"),
        Column("last_run_at", Type.TIMESTAMP, "NULL when never or not known"),
        Column("next_run_at", Type.TIMESTAMP, "NULL when not scheduled or not known"),
    ),
)

TABLES = (
    SYSTEM,
    ACCOUNTS,
    SUDO_RULES,
    SSHD_SETTINGS,
    LISTENERS,
    FIREWALL,
    PENDING_UPDATES,
    PACKAGE_STATE,
    PACKAGES,
    PACKAGE_CHANGES,
    DISKS,
    TIME_SYNC,
    SERVICES,
    CERTIFICATES,
    TIMERS,
)


def named(connector: str, *first: Column) -> dict[str, TableSpec]:
    """Return the tables as those of one connector, by their own names.

    Args:
        connector: its name, which the tables begin with.
        first: columns before the others, such as which host a row is of.
    """
    return {
        spec.name: replace(spec, name=f"{connector}.{spec.name}", columns=(*first, *spec.columns))
        for spec in TABLES
    }


def placed(connector: str, rows: Iterable[Row], **first: Any) -> Iterator[Row]:  # noqa: ANN401 - JSON
    """Yield rows as those of a connector's tables, with the columns that are its own."""
    for row in rows:
        values = {**first, **row.values}
        yield Row(f"{connector}.{row.table}", values, row.blob, row.at)
