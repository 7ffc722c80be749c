"""People and what they can reach: CC1.3, CC6.1 to CC6.3."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import EVENT, OBSERVED, OCCURRED, SYSTEM

PEOPLE = TableSpec(
    "population.people",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("person_uid", Type.TEXT, "id in the register of people", "user.uid"),
        Column("name", Type.TEXT, "full name", "user.full_name"),
        Column("email", Type.TEXT, "lower case", "user.email_addr"),
        Column("title", Type.TEXT, "what they do", "user.ldap_person.job_title"),
        Column("department", Type.TEXT, "where they work", "user.ldap_person.department"),
        Column("manager_uid", Type.TEXT, "person_uid, or name, of whom they report to"),
        Column("employment", Type.TEXT, "employee, contractor, or as the source says"),
        Column("started_on", Type.DATE, "first day of work", "user.ldap_person.hire_time"),
        Column(
            "ended_on", Type.DATE, "last day of work; NULL: none", "user.ldap_person.leave_time"
        ),
    ),
    "5003 User Inventory Info",
)

LEAVERS = TableSpec(
    "population.leavers",
    Kind.EVENTS,
    (
        SYSTEM,
        Column("person_uid", Type.TEXT, "id in the register of people", "user.uid"),
        Column("name", Type.TEXT, "full name", "user.full_name"),
        Column("email", Type.TEXT, "lower case: leads to the accounts", "user.email_addr"),
        Column("left_at", Type.TIMESTAMP, "end of the last day", "user.ldap_person.leave_time"),
        Column("recorded_at", Type.TIMESTAMP, "when the leaving was entered; NULL: not known"),
        Column("is_involuntary", Type.BOOLEAN, "access ends at once; NULL when not known"),
    ),
)

ACCOUNTS = TableSpec(
    "population.accounts",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("account", Type.TEXT, "login name", "user.name"),
        Column("account_uid", Type.TEXT, "id that is never given again: ARN, DN", "user.uid"),
        Column("full_name", Type.TEXT, "of the person, as the source has it", "user.full_name"),
        Column("email", Type.TEXT, "lower case: leads to the person", "user.email_addr"),
        Column("kind", Type.TEXT, "person, service, system or root; NULL: not known", "user.type"),
        Column("is_enabled", Type.BOOLEAN, "neither disabled, locked nor expired"),
        Column("can_sign_in", Type.BOOLEAN, "interactively: has a password, console or shell"),
        Column("is_privileged", Type.BOOLEAN, "can grant itself more; NULL when not known"),
        Column("privileges", Type.TEXT, "what makes it privileged, sorted, joined by a comma"),
        Column(
            "has_mfa", Type.BOOLEAN, "a second factor is set up; NULL: not known", "user.has_mfa"
        ),
        Column("is_external", Type.BOOLEAN, "guest or outside collaborator; NULL: not known"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
        Column("last_used_at", Type.TIMESTAMP, "NULL when never, or when not known"),
        Column(
            "last_used_known",
            Type.BOOLEAN,
            "the source records use: NULL last_used_at then means never since recording began",
        ),
        Column("password_changed_at", Type.TIMESTAMP, "NULL when there is none, or not known"),
        Column("expires_at", Type.TIMESTAMP, "when it stops by itself; NULL: never or not known"),
    ),
    "5003 User Inventory Info",
)

GROUPS = TableSpec(
    "population.groups",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("group_name", Type.TEXT, "group, role or team; a row for each member", "group.name"),
        Column("group_uid", Type.TEXT, "id that is never given again", "group.uid"),
        Column("is_privileged", Type.BOOLEAN, "its members can grant themselves more"),
        Column("member", Type.TEXT, "account or group in it; NULL: nobody is", "user.name"),
        Column("member_uid", Type.TEXT, "account_uid or group_uid of the member", "user.uid"),
        Column("member_kind", Type.TEXT, "account or group"),
    ),
)

SIGN_INS = TableSpec(
    "population.sign_ins",
    Kind.EVENTS,
    (
        SYSTEM,
        EVENT,
        OCCURRED,
        Column("account", Type.TEXT, "login name", "user.name"),
        Column("account_uid", Type.TEXT, "as in population.accounts", "user.uid"),
        Column("is_root", Type.BOOLEAN, "the account that owns everything"),
        Column("is_success", Type.BOOLEAN, "it was let in", "status"),
        Column("is_mfa", Type.BOOLEAN, "a second factor was given; NULL: not known", "is_mfa"),
        Column("reason", Type.TEXT, "why it was refused", "status_detail"),
        Column("method", Type.TEXT, "console, password, saml, ...", "auth_protocol"),
        Column("source_ip", Type.TEXT, "address it came from", "src_endpoint.ip"),
    ),
    "3002 Authentication",
)

ACCESS_GRANTS = TableSpec(
    "population.access_grants",
    Kind.EVENTS,
    (
        SYSTEM,
        EVENT,
        OCCURRED,
        Column("action", Type.TEXT, "created, granted, changed, revoked or deleted"),
        Column(
            "operation", Type.TEXT, "the source's own name of it, as CreateUser", "api.operation"
        ),
        Column("by_account", Type.TEXT, "who did it", "actor.user.name"),
        Column("account", Type.TEXT, "account, role or group whose access changes", "user.name"),
        Column("privilege", Type.TEXT, "what is granted or revoked", "privileges"),
        Column("resource", Type.TEXT, "on what; NULL: on the system", "resource.name"),
        Column("is_privileged", Type.BOOLEAN, "lets it grant itself more; NULL: not known"),
        Column("is_success", Type.BOOLEAN, "it took effect", "status"),
    ),
    "3005 User Access Management",
)

TABLES = (PEOPLE, LEAVERS, ACCOUNTS, GROUPS, SIGN_INS, ACCESS_GRANTS)
