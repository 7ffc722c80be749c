"""github: the tables of what only GitHub has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

BRANCHES = TableSpec(
    "github.branches",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("repository", Type.TEXT, "name without its owner"),
        Column("branch", Type.TEXT, "the default branch"),
        Column("is_protected", Type.BOOLEAN, "by a rule or a ruleset; NULL when not known"),
        Column("required_approvals", Type.INTEGER, "0: none; NULL when not known"),
        Column("dismisses_stale", Type.BOOLEAN, "a push takes approvals back"),
        Column("requires_code_owners", Type.BOOLEAN, "owners of the code must approve"),
        Column("requires_checks", Type.BOOLEAN, "checks must pass before a merge"),
        Column("requires_signatures", Type.BOOLEAN, "commits must be signed"),
        Column("binds_admins", Type.BOOLEAN, "the rule holds for administrators; NULL: not known"),
        Column("allows_force_push", Type.BOOLEAN, "history can be rewritten"),
        Column("allows_deletion", Type.BOOLEAN, "the branch can be deleted"),
    ),
)

RULESETS = TableSpec(
    "github.rulesets",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("ruleset_uid", Type.TEXT, "id that is never given again"),
        Column("ruleset", Type.TEXT, "its name"),
        Column("source", Type.TEXT, "the repository or the organization that made it"),
        Column("target", Type.TEXT, "branch, tag or push"),
        Column("enforcement", Type.TEXT, "active; evaluate: it only counts; or disabled"),
        Column("rules", Type.TEXT, "their kinds, sorted; NULL: none"),
        Column("can_be_bypassed", Type.BOOLEAN, "by somebody; NULL when that is not shown"),
        Column("bypassed_by", Type.TEXT, "who may, and when, sorted; NULL: nobody"),
    ),
)

SECRETS = TableSpec(
    "github.secrets",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("repository", Type.TEXT, "name without its owner"),
        Column("alert", Type.INTEGER, "number of the alert"),
        Column("kind", Type.TEXT, "which kind of secret; the secret itself is never kept"),
        Column("status", Type.TEXT, "open or resolved"),
        Column("resolution", Type.TEXT, "revoked, false_positive, wont_fix, used_in_tests, ..."),
        Column("found_at", Type.TIMESTAMP, "when it was found"),
        Column("closed_at", Type.TIMESTAMP, "when it was resolved; NULL: it is not"),
        Column("closed_by", Type.TEXT, "who resolved it"),
        Column("was_bypassed", Type.BOOLEAN, "somebody pushed it although the push was stopped"),
    ),
)
