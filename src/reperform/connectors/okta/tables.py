"""okta: the tables of what only Okta has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

FACTORS = TableSpec(
    "okta.factors",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("account", Type.TEXT, "login name"),
        Column("account_uid", Type.TEXT, "as in population.accounts"),
        Column("factor_uid", Type.TEXT, "id of the factor"),
        Column("kind", Type.TEXT, "push, webauthn, sms, token:software:totp, question, email, ..."),
        Column("provider", Type.TEXT, "OKTA, GOOGLE, FIDO, ..."),
        Column("status", Type.TEXT, "ACTIVE when it can be used; as Okta says"),
        Column("is_second", Type.BOOLEAN, "something one has or is: no question, no e-mail"),
        Column("created_at", Type.TIMESTAMP, "when it was enrolled"),
    ),
)

ROLES = TableSpec(
    "okta.roles",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("holder_uid", Type.TEXT, "account_uid or group_uid of who has the role"),
        Column("holder_kind", Type.TEXT, "account or group"),
        Column("role", Type.TEXT, "SUPER_ADMIN, READ_ONLY_ADMIN, CUSTOM, ..."),
        Column("label", Type.TEXT, "what Okta's pages call it"),
        Column("status", Type.TEXT, "ACTIVE or INACTIVE"),
        Column("is_by_group", Type.BOOLEAN, "the account has it because of a group"),
        Column("granted_at", Type.TIMESTAMP, "when it was assigned"),
    ),
)
