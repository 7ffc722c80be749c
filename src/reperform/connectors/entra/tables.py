"""entra: the tables of what only Entra ID has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

METHODS = TableSpec(
    "entra.methods",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("account", Type.TEXT, "user principal name"),
        Column("account_uid", Type.TEXT, "as in population.accounts"),
        Column("is_mfa_registered", Type.BOOLEAN, "a strong method is registered"),
        Column("is_mfa_capable", Type.BOOLEAN, "and the policy allows it"),
        Column("is_passwordless_capable", Type.BOOLEAN, "can sign in without a password"),
        Column("methods", Type.TEXT, "registered methods, sorted, joined by a comma"),
        Column("default_method", Type.TEXT, "second factor that is asked for first"),
        Column("updated_at", Type.TIMESTAMP, "when the report was made"),
    ),
)

ROLES = TableSpec(
    "entra.roles",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("role", Type.TEXT, "as Global Administrator"),
        Column("holder", Type.TEXT, "account, group or application; NULL: only its id is told"),
        Column("holder_uid", Type.TEXT, "its id"),
        Column("holder_kind", Type.TEXT, "user, group, servicePrincipal; NULL: not told"),
        Column("is_eligible", Type.BOOLEAN, "may be activated; false: it is active"),
        Column("ends_at", Type.TIMESTAMP, "when it ends by itself; NULL: never or not known"),
    ),
)

CONDITIONAL_ACCESS = TableSpec(
    "entra.conditional_access",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("policy", Type.TEXT, "its name; or: security defaults"),
        Column("state", Type.TEXT, "enabled, disabled or enabledForReportingButNotEnforced"),
        Column("is_enforced", Type.BOOLEAN, "it is enabled, and not for reporting only"),
        Column("is_for_all_users", Type.BOOLEAN, "all users are included"),
        Column("is_for_all_apps", Type.BOOLEAN, "all applications are included"),
        Column("excluded", Type.INTEGER, "users, groups and roles that it leaves out"),
        Column("requires_mfa", Type.BOOLEAN, "whoever it is for must give a second factor"),
        Column("blocks", Type.BOOLEAN, "whoever it is for is refused"),
        Column("controls", Type.TEXT, "what it demands, sorted, joined by its operator"),
    ),
)
