"""ldap: the table of what only a directory has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

PASSWORD_POLICY = TableSpec(
    "ldap.password_policy",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("policy", Type.TEXT, "DN of the policy, or of the domain that has it"),
        Column("minimum_length", Type.INTEGER, "characters; NULL when it says nothing"),
        Column("longest_days", Type.INTEGER, "age at which a password expires; NULL: never"),
        Column("reuse_prevented", Type.INTEGER, "last passwords that may not come again"),
        Column("locks_after", Type.INTEGER, "wrong passwords until an account locks; NULL: never"),
    ),
)
