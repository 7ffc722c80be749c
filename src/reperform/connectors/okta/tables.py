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

PASSWORD_POLICIES = TableSpec(
    "okta.password_policies",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("policy", Type.TEXT, "its name"),
        Column("priority", Type.INTEGER, "the first that is for somebody's groups holds for them"),
        Column("is_active", Type.BOOLEAN, "it is in force"),
        Column("groups", Type.TEXT, "ids of the groups it is for, sorted, joined by a comma"),
        Column("min_length", Type.INTEGER, "characters"),
        Column("min_classes", Type.INTEGER, "of lower case, upper case, numbers and symbols"),
        Column("refuses_common", Type.BOOLEAN, "passwords that everybody knows are refused"),
        Column("max_age_days", Type.INTEGER, "0: a password never ends"),
        Column("history", Type.INTEGER, "how many old ones may not be used again"),
        Column("lock_after", Type.INTEGER, "wrong tries until the account is locked; 0: never"),
    ),
)

SIGN_ON_RULES = TableSpec(
    "okta.sign_on_rules",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("policy", Type.TEXT, "name of the policy"),
        Column("policy_priority", Type.INTEGER, "the first policy that matches holds"),
        Column("rule", Type.TEXT, "its name"),
        Column("priority", Type.INTEGER, "the first rule that matches holds"),
        Column("is_active", Type.BOOLEAN, "rule and policy are in force"),
        Column("allows", Type.BOOLEAN, "it lets in; false: it refuses"),
        Column("requires_factor", Type.BOOLEAN, "a second factor is demanded for the session"),
        Column("prompts", Type.TEXT, "how often the factor is asked for: ALWAYS, SESSION, DEVICE"),
        Column("idle_minutes", Type.INTEGER, "until a session that is not used ends"),
        Column("longest_minutes", Type.INTEGER, "until any session ends; 0: never"),
    ),
)
