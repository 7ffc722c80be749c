"""What is changed, released and run: CC8.1, PI1.2 to PI1.5."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OCCURRED, SYSTEM

CHANGES = TableSpec(
    "population.changes",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("change_uid", Type.TEXT, "id of the change: #12 of a pull request, a ticket"),
        Column("title", Type.TEXT, "at most 500 characters"),
        Column("kind", Type.TEXT, "code, infrastructure, configuration or data"),
        Column("target", Type.TEXT, "what it changes: a branch, a resource"),
        Column("author", Type.TEXT, "account that proposed it"),
        Column("opened_at", Type.TIMESTAMP, "when it was proposed"),
        Column(
            "approvals", Type.INTEGER, "people other than the author whose last word is approval"
        ),
        Column("approved_by", Type.TEXT, "those accounts, sorted, joined by a comma"),
        Column("approved_at", Type.TIMESTAMP, "the last approval before it was applied"),
        Column("approved_revision", Type.TEXT, "the revision that was approved last"),
        Column("applied_by", Type.TEXT, "account that merged or applied it"),
        Column(
            "applied_revision", Type.TEXT, "the last revision of the change when it was applied"
        ),
        Column("checks", Type.TEXT, "passed, failed or none; NULL when not known"),
        Column("ticket", Type.TEXT, "reference to a request kept elsewhere"),
        Column("commit_id", Type.TEXT, "the commit that it became: leads to git.commits"),
        Column("is_emergency", Type.BOOLEAN, "marked so at the source; NULL when not known"),
    ),
)

DEPLOYMENTS = TableSpec(
    "population.deployments",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("deployment_uid", Type.TEXT, "the source's own id", "metadata.uid"),
        Column("application", Type.TEXT, "what was deployed", "app.name"),
        Column("version", Type.TEXT, "as it was deployed", "app.version"),
        Column("environment", Type.TEXT, "production, staging, ..."),
        Column("commit_id", Type.TEXT, "leads to git.commits"),
        Column("by_account", Type.TEXT, "who or what deployed it", "actor.user.name"),
        Column("approved_by", Type.TEXT, "who let it go, sorted, joined by a comma"),
        Column("is_success", Type.BOOLEAN, "it is running; NULL when not known", "status"),
    ),
    "6002 Application Lifecycle",
)

JOBS = TableSpec(
    "population.jobs",
    Kind.EVENTS,
    (
        SYSTEM,
        OCCURRED,
        Column("run_uid", Type.TEXT, "id of the run of a processing job"),
        Column("job", Type.TEXT, "which job", "job.name"),
        Column("due_at", Type.TIMESTAMP, "when the run had to be done; NULL when nothing says so"),
        Column("ended_at", Type.TIMESTAMP, "NULL when it did not end"),
        Column("is_success", Type.BOOLEAN, "it says that it did its work"),
        Column("items_in", Type.INTEGER, "items given to it"),
        Column("items_out", Type.INTEGER, "items that came out"),
        Column("items_rejected", Type.INTEGER, "items that it refused, each with a reason kept"),
        Column("control_in", Type.TEXT, "total of the input that both sides compute, as text"),
        Column("control_out", Type.TEXT, "the same total of output and rejected items"),
        Column("corrected_at", Type.TIMESTAMP, "when its errors were corrected; NULL: not yet"),
    ),
    "1006 Scheduled Job Activity",
)

TABLES = (CHANGES, DEPLOYMENTS, JOBS)
