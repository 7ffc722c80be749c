"""What happens while the system runs: CC7.1 to CC7.5, CC9.2, A1.1 to A1.3."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import EVENT, OBSERVED, OCCURRED, SYSTEM

API_ACTIVITY = TableSpec(
    "population.api_activity",
    Kind.EVENTS,
    (
        SYSTEM,
        EVENT,
        OCCURRED,
        Column("service", Type.TEXT, "which part was called, as iam", "api.service.name"),
        Column("operation", Type.TEXT, "what was asked, as CreateUser", "api.operation"),
        Column(
            "account", Type.TEXT, "who asked; a role's session as role/session", "actor.user.name"
        ),
        Column("account_uid", Type.TEXT, "as in population.accounts", "actor.user.uid"),
        Column("account_kind", Type.TEXT, "root, user, role, service, or as the source says"),
        Column("is_mfa", Type.BOOLEAN, "the session gave a second factor", "actor.session.is_mfa"),
        Column("is_read_only", Type.BOOLEAN, "it changes nothing; NULL when not known"),
        Column("is_success", Type.BOOLEAN, "it was carried out", "status"),
        Column("error", Type.TEXT, "why it was not", "api.response.error"),
        Column("resource", Type.TEXT, "on what, as far as the event says", "resources.uid"),
        Column("region", Type.TEXT, "part of the cloud that was called", "cloud.region"),
        Column("source_ip", Type.TEXT, "address or service it came from", "src_endpoint.ip"),
        Column("agent", Type.TEXT, "at most 500 characters", "http_request.user_agent"),
    ),
    "6003 API Activity",
)

INCIDENTS = TableSpec(
    "population.incidents",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("incident_uid", Type.TEXT, "the source's own id", "metadata.uid"),
        Column("title", Type.TEXT, "at most 500 characters", "finding_info_list.title"),
        Column("severity", Type.TEXT, "lower case, as the source ranks it", "severity"),
        Column("is_security", Type.BOOLEAN, "concerns security; NULL when not known"),
        Column(
            "is_breach", Type.BOOLEAN, "data was lost or seen; NULL: open", "is_suspected_breach"
        ),
        Column("detected_at", Type.TIMESTAMP, "when it was noticed"),
        Column("acknowledged_at", Type.TIMESTAMP, "when somebody took it"),
        Column("resolved_at", Type.TIMESTAMP, "when it was over; NULL: it is not", "end_time"),
        Column("status", Type.TEXT, "as the source says", "status"),
        Column("assignee", Type.TEXT, "who has it", "assignee.name"),
    ),
    "2005 Incident Finding",
)

VULNERABILITIES = TableSpec(
    "population.vulnerabilities",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("finding_uid", Type.TEXT, "the source's own id", "finding_info.uid"),
        Column("cve", Type.TEXT, "NULL when it has none", "vulnerabilities.cve.uid"),
        Column("title", Type.TEXT, "at most 500 characters", "vulnerabilities.title"),
        Column("severity", Type.TEXT, "critical, high, medium, low", "vulnerabilities.severity"),
        Column("resource", Type.TEXT, "where it is", "resources.uid"),
        Column("package", Type.TEXT, "what has it", "vulnerabilities.affected_packages.name"),
        Column("version", Type.TEXT, "installed", "vulnerabilities.affected_packages.version"),
        Column(
            "fixed_in",
            Type.TEXT,
            "first version without it; NULL: none is known",
            "vulnerabilities.affected_packages.fixed_in_version",
        ),
        Column("found_at", Type.TIMESTAMP, "first seen here", "vulnerabilities.first_seen_time"),
        Column("status", Type.TEXT, "open, fixed or dismissed", "status"),
        Column("closed_at", Type.TIMESTAMP, "when it was fixed or dismissed"),
        Column("closed_by", Type.TEXT, "who dismissed it"),
        Column("closed_reason", Type.TEXT, "why it was dismissed", "status_detail"),
    ),
    "2002 Vulnerability Finding",
)

BACKUPS = TableSpec(
    "population.backups",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("backup_uid", Type.TEXT, "id of the snapshot"),
        Column("subject", Type.TEXT, "what is backed up: paths, a database, a volume"),
        Column("host", Type.TEXT, "where it was made"),
        Column("bytes", Type.INTEGER, "size of what it restores to; NULL when not known"),
        Column("files", Type.INTEGER, "how many files; NULL when not known"),
        Column("is_success", Type.BOOLEAN, "it is whole as far as the source knows"),
        Column("is_encrypted", Type.BOOLEAN, "NULL when not known"),
        Column("expires_at", Type.TIMESTAMP, "when it may be removed; NULL when not known"),
    ),
)

RESTORES = TableSpec(
    "population.restores",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("backup_uid", Type.TEXT, "the snapshot that was restored"),
        Column("subject", Type.TEXT, "what was restored"),
        Column("backed_up_at", Type.TIMESTAMP, "when that snapshot was made"),
        Column("is_success", Type.BOOLEAN, "everything came back, and is what was backed up"),
        Column("files", Type.INTEGER, "files restored"),
        Column("bytes", Type.INTEGER, "bytes restored"),
        Column("files_compared", Type.INTEGER, "files whose content was compared"),
        Column("files_different", Type.INTEGER, "of those, how many are not the same"),
        Column("compared_with", Type.TEXT, "the snapshot's own digests, or the live data"),
        Column("seconds", Type.INTEGER, "how long it took"),
    ),
)

AVAILABILITY = TableSpec(
    "population.availability",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("service", Type.TEXT, "what was measured"),
        Column("ended_at", Type.TIMESTAMP, "end of the interval that begins at occurred_at"),
        Column("samples_expected", Type.INTEGER, "measurements that the interval should hold"),
        Column("samples", Type.INTEGER, "measurements that it holds"),
        Column("samples_up", Type.INTEGER, "of those, how many found the service up"),
    ),
)

VENDORS = TableSpec(
    "population.vendors",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("vendor_uid", Type.TEXT, "id in the register of vendors"),
        Column("name", Type.TEXT, "of the vendor"),
        Column("service", Type.TEXT, "what it does for us"),
        Column("criticality", Type.TEXT, "as the register ranks it"),
        Column("is_subservice", Type.BOOLEAN, "our controls rest on its"),
        Column("data", Type.TEXT, "what data it gets"),
        Column("reviewed_on", Type.DATE, "last review; NULL: never"),
        Column("review_due_on", Type.DATE, "next review"),
    ),
)

TRAININGS = TableSpec(
    "population.trainings",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("person_uid", Type.TEXT, "as in population.people"),
        Column("email", Type.TEXT, "lower case"),
        Column("course", Type.TEXT, "which training"),
        Column("due_on", Type.DATE, "by when"),
        Column("completed_at", Type.TIMESTAMP, "NULL: not completed"),
        Column("score", Type.INTEGER, "percent; NULL when it is not marked"),
    ),
)

TABLES = (
    API_ACTIVITY,
    INCIDENTS,
    VULNERABILITIES,
    BACKUPS,
    RESTORES,
    AVAILABILITY,
    VENDORS,
    TRAININGS,
)
