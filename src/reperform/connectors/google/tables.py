"""google: the table of what only Google Workspace has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

USERS = TableSpec(
    "google.users",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("account", Type.TEXT, "primary address"),
        Column("account_uid", Type.TEXT, "as in population.accounts"),
        Column("org_unit", Type.TEXT, "path of the organizational unit"),
        Column("is_super_admin", Type.BOOLEAN, "owns everything"),
        Column("is_delegated_admin", Type.BOOLEAN, "has some role of an administrator"),
        Column("is_mfa_enrolled", Type.BOOLEAN, "2-step verification is set up"),
        Column("is_mfa_enforced", Type.BOOLEAN, "2-step verification is demanded"),
        Column("is_suspended", Type.BOOLEAN, "may not sign in"),
        Column("is_archived", Type.BOOLEAN, "kept for its data only"),
        Column("suspension_reason", Type.TEXT, "as Google says"),
    ),
)

ROLES = TableSpec(
    "google.roles",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("role", Type.TEXT, "as _SEED_ADMIN_ROLE, or a name of one's own"),
        Column("holder_uid", Type.TEXT, "account_uid or group_uid"),
        Column("holder_kind", Type.TEXT, "user, group, or as Google says"),
        Column("is_super_admin", Type.BOOLEAN, "it owns everything"),
        Column("is_own", Type.BOOLEAN, "made by the organization: what it allows differs"),
        Column("scope", Type.TEXT, "CUSTOMER: everything; ORG_UNIT: one unit"),
    ),
)
