"""gitlab: the tables of what only GitLab has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

BRANCHES = TableSpec(
    "gitlab.branches",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("project", Type.TEXT, "path with its groups"),
        Column("branch", Type.TEXT, "the default branch"),
        Column("is_protected", Type.BOOLEAN, "by a rule of its name; NULL when not known"),
        Column("allows_push", Type.BOOLEAN, "somebody may push without a merge request"),
        Column("allows_force_push", Type.BOOLEAN, "history can be rewritten"),
        Column("requires_code_owners", Type.BOOLEAN, "owners of the code must approve"),
        Column("required_approvals", Type.INTEGER, "0: none; NULL when not known"),
        Column("dismisses_stale", Type.BOOLEAN, "a push takes approvals back"),
        Column("author_may_approve", Type.BOOLEAN, "one's own change; NULL when not known"),
        Column("committer_may_approve", Type.BOOLEAN, "who added commits; NULL when not known"),
        Column("may_lower_approvals", Type.BOOLEAN, "authors may change the rules of one change"),
        Column("requires_checks", Type.BOOLEAN, "the pipeline must succeed before a merge"),
    ),
)

GROUPS = TableSpec(
    "gitlab.groups",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("group_name", Type.TEXT, "full path"),
        Column("visibility", Type.TEXT, "private, internal or public"),
        Column("requires_mfa", Type.BOOLEAN, "members must set up a second factor"),
        Column("mfa_grace_hours", Type.INTEGER, "how long they may wait with it"),
    ),
)
