"""git: the tables that a repository's history is shaped into."""

from reperform.base.table import Column, Kind, TableSpec, Type

REPOSITORY = TableSpec(
    "git.repository",
    Kind.STATE,
    (
        Column("repository", Type.TEXT, "name of the repository: its folder's name without .git"),
        Column("release_branch", Type.TEXT, "full name of the branch examined, refs/heads/main"),
        Column("head_commit", Type.TEXT, "commit that the release branch points at"),
        Column("is_bare", Type.BOOLEAN, "the repository has no work tree: usually a server's"),
        Column("object_format", Type.TEXT, "sha1 or sha256"),
        Column("commits_reachable", Type.INTEGER, "commits that the release branch reaches"),
        Column("first_committed_at", Type.TIMESTAMP, "earliest committer time reachable"),
        Column("remote_hosts", Type.TEXT, "host names of its remotes, sorted, joined by a comma"),
    ),
)

COMMITS = TableSpec(
    "git.commits",
    Kind.EVENTS,
    (
        Column("commit_id", Type.TEXT, "object id, recomputed from the object's own bytes"),
        Column("author_name", Type.TEXT, "as the commit says, at most 500 characters"),
        Column("author_email", Type.TEXT, "lower case"),
        Column("authored_at", Type.TIMESTAMP, "author time"),
        Column("committer_name", Type.TEXT, "as the commit says, at most 500 characters"),
        Column("committer_email", Type.TEXT, "lower case"),
        Column(
            "committed_at",
            Type.TIMESTAMP,
            "committer time: decides whether it is in the period; NULL when the commit has none "
            "that can be read",
        ),
        Column("parent_count", Type.INTEGER, "0 root, 1 ordinary, 2 or more merge"),
        Column("is_merge", Type.BOOLEAN, "parent_count is 2 or more"),
        Column(
            "on_first_parent", Type.BOOLEAN, "on the release branch's own line of first parents"
        ),
        Column(
            "subject", Type.TEXT, "first paragraph of the message, as one line, at most 500 chars"
        ),
        Column("message_bytes", Type.INTEGER, "length of the whole message in bytes"),
        Column("signature", Type.TEXT, "none, pgp, ssh or x509: what the object carries"),
        Column(
            "signature_status",
            Type.TEXT,
            "good, bad, untrusted (made by a key not given), expired, revoked, unverifiable; "
            "NULL when not checked because no keys were given or there is no signature",
        ),
        Column("signer", Type.TEXT, "principal or user id of a good signature"),
        Column(
            "change_request",
            Type.TEXT,
            "reference to a change request kept in another system: #123 from a merge or squash "
            "subject, Change-Id, Differential Revision, !45; NULL when there is none",
        ),
        Column(
            "change_system",
            Type.TEXT,
            "pull-request, merge-request, gerrit, phabricator or mailing-list; NULL when none",
        ),
        Column("ticket", Type.TEXT, "first ticket named in subject or body (ABC-123, Fixes #9)"),
    ),
)

TRAILERS = TableSpec(
    "git.trailers",
    Kind.EVENTS,
    (
        Column("commit_id", Type.TEXT, "the commit whose message ends with it"),
        Column("committed_at", Type.TIMESTAMP, "of that commit"),
        Column(
            "key", Type.TEXT, "lower case: reviewed-by, acked-by, approved-by, signed-off-by..."
        ),
        Column("name", Type.TEXT, "the person's name, NULL when there is none"),
        Column("email", Type.TEXT, "lower case, NULL when there is none"),
        Column("value", Type.TEXT, "the whole value, at most 500 characters"),
    ),
)

TAGS = TableSpec(
    "git.tags",
    Kind.EVENTS,
    (
        Column("tag", Type.TEXT, "name without refs/tags/"),
        Column("commit_id", Type.TEXT, "commit it leads to; NULL when it leads to none"),
        Column(
            "is_release", Type.BOOLEAN, "the name is a version: digits with dots, prefix allowed"
        ),
        Column("is_annotated", Type.BOOLEAN, "a tag object of its own, with tagger and time"),
        Column("tagger_name", Type.TEXT, "NULL for a lightweight tag"),
        Column("tagger_email", Type.TEXT, "lower case; NULL for a lightweight tag"),
        Column(
            "tagged_at",
            Type.TIMESTAMP,
            "tagger time; of a lightweight tag its commit's; NULL when there is none",
        ),
        Column("signature", Type.TEXT, "none, pgp, ssh or x509"),
        Column("signature_status", Type.TEXT, "as in git.commits"),
        Column("signer", Type.TEXT, "as in git.commits"),
    ),
)

BRANCH_MOVES = TableSpec(
    "git.branch_moves",
    Kind.EVENTS,
    (
        Column("ref", Type.TEXT, "the ref whose reflog shows the move"),
        Column("moved_at", Type.TIMESTAMP, "reflog time"),
        Column("old_commit", Type.TEXT, "NULL when the ref was created"),
        Column("new_commit", Type.TEXT, "NULL when it was deleted"),
        Column("is_fast_forward", Type.BOOLEAN, "old is an ancestor of new; NULL: cannot be known"),
        Column(
            "authority",
            Type.TEXT,
            "server (bare repository's own ref), remote (remote-tracking ref: what was published), "
            "local (a clone's own branch: rewriting there may never have been published)",
        ),
        Column("message", Type.TEXT, "the reflog's message, at most 500 characters"),
    ),
)

CODE_OWNERS = TableSpec(
    "git.code_owners",
    Kind.STATE,
    (
        Column("path", Type.TEXT, "the CODEOWNERS or OWNERS file at the head commit"),
        Column("line", Type.INTEGER, "line number, from 1"),
        Column("pattern", Type.TEXT, "what the rule covers"),
        Column("owners", Type.TEXT, "owners separated by a blank; empty when the rule names none"),
        Column("owner_count", Type.INTEGER, "how many owners the rule names"),
        Column("covers_everything", Type.BOOLEAN, "the pattern is * or /* or **"),
    ),
)

TABLES = (REPOSITORY, COMMITS, TRAILERS, TAGS, BRANCH_MOVES, CODE_OWNERS)
