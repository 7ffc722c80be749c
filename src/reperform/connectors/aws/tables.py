"""aws: the tables of what only AWS has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

ACCESS_KEYS = TableSpec(
    "aws.access_keys",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("account", Type.TEXT, "user that has the key; root for the account's own"),
        Column("account_uid", Type.TEXT, "as in population.accounts"),
        Column("key", Type.INTEGER, "first or second key of the user: 1 or 2"),
        Column("is_active", Type.BOOLEAN, "it can be used"),
        Column("rotated_at", Type.TIMESTAMP, "when it was made"),
        Column("last_used_at", Type.TIMESTAMP, "NULL: never since AWS records it, April 2015"),
    ),
)

PASSWORD_POLICY = TableSpec(
    "aws.password_policy",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("is_set", Type.BOOLEAN, "false: nobody set one, and AWS's default is in force"),
        Column("minimum_length", Type.INTEGER, "characters; NULL when none is set"),
        Column("requires_symbols", Type.BOOLEAN, "as its name"),
        Column("requires_numbers", Type.BOOLEAN, "as its name"),
        Column("requires_uppercase", Type.BOOLEAN, "as its name"),
        Column("requires_lowercase", Type.BOOLEAN, "as its name"),
        Column("longest_days", Type.INTEGER, "age at which a password expires; NULL: never"),
        Column(
            "reuse_prevented", Type.INTEGER, "last passwords that may not come again; NULL: any"
        ),
    ),
)

ROLES = TableSpec(
    "aws.roles",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("role", Type.TEXT, "name"),
        Column("role_uid", Type.TEXT, "ARN"),
        Column("trusts", Type.TEXT, "who may take it, sorted, joined by a comma"),
        Column("trusts_anybody", Type.BOOLEAN, "its trust policy names `*`"),
        Column("trusts_others", Type.BOOLEAN, "it names another account"),
        Column("is_privileged", Type.BOOLEAN, "it can grant itself more"),
        Column("privileges", Type.TEXT, "policies that make it privileged, sorted"),
        Column("last_used_at", Type.TIMESTAMP, "NULL: not within 400 days, or not known"),
    ),
)

KEYS = TableSpec(
    "aws.keys",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("key_uid", Type.TEXT, "ARN of the key"),
        Column("region", Type.TEXT, "where it is"),
        Column("is_own", Type.BOOLEAN, "a customer's key; false: AWS manages it"),
        Column("state", Type.TEXT, "Enabled, Disabled, PendingDeletion, ..."),
        Column("spec", Type.TEXT, "SYMMETRIC_DEFAULT, RSA_2048, ..."),
        Column("origin", Type.TEXT, "AWS_KMS, or EXTERNAL when its material was imported"),
        Column("is_rotated", Type.BOOLEAN, "AWS rotates it; NULL when it cannot, or refused"),
        Column("rotation_days", Type.INTEGER, "how often; NULL when not said"),
    ),
)

TRAILS = TableSpec(
    "aws.trails",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("trail", Type.TEXT, "name"),
        Column("trail_uid", Type.TEXT, "ARN"),
        Column("bucket", Type.TEXT, "where it delivers to"),
        Column("is_logging", Type.BOOLEAN, "it records now; NULL when that was refused"),
        Column("is_everywhere", Type.BOOLEAN, "it records every region"),
        Column("is_validated", Type.BOOLEAN, "it writes digest files"),
        Column("is_of_organization", Type.BOOLEAN, "it records every account of the organization"),
        Column("key_uid", Type.TEXT, "key that its files are encrypted with; NULL: the bucket's"),
        Column("delivered_at", Type.TIMESTAMP, "when it last delivered"),
        Column("delivery_error", Type.TEXT, "why its last delivery failed"),
        Column("stopped_at", Type.TIMESTAMP, "when recording last stopped"),
    ),
)

DETECTORS = TableSpec(
    "aws.detectors",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("region", Type.TEXT, "a row for each that was asked, whether one is there or not"),
        Column("detector_uid", Type.TEXT, "of GuardDuty; NULL: none is there"),
        Column("is_on", Type.BOOLEAN, "it watches now; false where there is none"),
        Column("features", Type.TEXT, "that are on, sorted; NULL: none, or not known"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
    ),
)

THREATS = TableSpec(
    "aws.threats",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("threat_uid", Type.TEXT, "ARN of GuardDuty's finding"),
        Column("region", Type.TEXT, "where it is"),
        Column("kind", Type.TEXT, "as UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B"),
        Column("title", Type.TEXT, "at most 500 characters"),
        Column("severity", Type.TEXT, "critical, high, medium or low, as GuardDuty ranks it"),
        Column("resource", Type.TEXT, "kind of what it is about"),
        Column("found_at", Type.TIMESTAMP, "when it was first seen"),
        Column("seen_at", Type.TIMESTAMP, "when it was last seen"),
        Column("times", Type.INTEGER, "how often it was seen"),
        Column("is_archived", Type.BOOLEAN, "somebody, or a rule, put it aside"),
    ),
)

RECORDERS = TableSpec(
    "aws.recorders",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("region", Type.TEXT, "a row for each that was asked, whether one is there or not"),
        Column("recorder", Type.TEXT, "of AWS Config; NULL: there is none"),
        Column("is_recording", Type.BOOLEAN, "now; false where there is none; NULL: not known"),
        Column("is_everything", Type.BOOLEAN, "every kind of resource; NULL when not known"),
        Column("status", Type.TEXT, "of its last delivery, as SUCCESS"),
        Column("error", Type.TEXT, "why that failed"),
    ),
)

CONFIG_RULES = TableSpec(
    "aws.config_rules",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("region", Type.TEXT, "where it is"),
        Column("rule", Type.TEXT, "name of the rule of AWS Config"),
        Column("compliance", Type.TEXT, "COMPLIANT, NON_COMPLIANT, INSUFFICIENT_DATA, ..."),
        Column("offenders", Type.INTEGER, "resources that break it, as far as AWS counts: to 25"),
    ),
)

ALARMS = TableSpec(
    "aws.alarms",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("alarm_uid", Type.TEXT, "ARN"),
        Column("region", Type.TEXT, "where it is"),
        Column("alarm", Type.TEXT, "name"),
        Column("watches", Type.TEXT, "namespace and metric, or the rule that puts alarms together"),
        Column("state", Type.TEXT, "OK, ALARM or INSUFFICIENT_DATA"),
        Column("state_since", Type.TIMESTAMP, "NULL when not known"),
        Column("actions", Type.INTEGER, "what it does when it is raised: how many things"),
        Column("is_acting", Type.BOOLEAN, "its actions are switched on"),
    ),
)

IMAGES = TableSpec(
    "aws.images",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("repository", Type.TEXT, "of ECR"),
        Column("region", Type.TEXT, "where it is"),
        Column("image", Type.TEXT, "digest; NULL: the repository holds none"),
        Column("tags", Type.TEXT, "sorted; NULL: none"),
        Column("pushed_at", Type.TIMESTAMP, "NULL when not known"),
        Column("scan", Type.TEXT, "state of its scan, as COMPLETE or ACTIVE; NULL: none was made"),
        Column("scanned_at", Type.TIMESTAMP, "NULL: never, or not known"),
        Column("critical", Type.INTEGER, "findings of that severity; NULL when there is no scan"),
        Column("high", Type.INTEGER, "findings of that severity; NULL when there is no scan"),
        Column("is_scanned_on_push", Type.BOOLEAN, "the repository's own setting"),
        Column("is_immutable", Type.BOOLEAN, "a tag stays with its image; NULL when not known"),
    ),
)
