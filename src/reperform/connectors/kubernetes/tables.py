"""cluster: the tables of what only Kubernetes has; the rest fills populations."""

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

BINDINGS = TableSpec(
    "cluster.bindings",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("binding", Type.TEXT, "its name; a row for each subject"),
        Column("binding_uid", Type.TEXT, "id that is never given again"),
        Column("is_everywhere", Type.BOOLEAN, "it holds in the whole cluster"),
        Column("namespace", Type.TEXT, "where it holds; NULL: in the whole cluster"),
        Column("role", Type.TEXT, "the role that it gives"),
        Column("role_kind", Type.TEXT, "ClusterRole or Role"),
        Column("subject", Type.TEXT, "as the API server names it; NULL: nobody is bound"),
        Column("subject_kind", Type.TEXT, "User, Group or ServiceAccount"),
        Column("is_anybody", Type.BOOLEAN, "the subject is everybody, signed in or not"),
        Column("allows_everything", Type.BOOLEAN, "every verb on every resource"),
        Column("can_escalate", Type.BOOLEAN, "by a right of the role its holder can get more"),
        Column("escalates", Type.TEXT, "by which rights, sorted, as `read secrets`; NULL: by none"),
        Column("is_built_in", Type.BOOLEAN, "the API server makes and repairs it by itself"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
    ),
)

CONTAINERS = TableSpec(
    "cluster.containers",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("namespace", Type.TEXT, "where it runs"),
        Column("workload", Type.TEXT, "kind and name of what made it, as Deployment/web"),
        Column("container", Type.TEXT, "its name; a row for each, those that only begin it too"),
        Column("image", Type.TEXT, "as the template names it"),
        Column("is_pinned", Type.BOOLEAN, "the image is named by its digest"),
        Column("is_privileged", Type.BOOLEAN, "it may do what the node may"),
        Column("forbids_root", Type.BOOLEAN, "the template lets it run only as another than root"),
        Column("allows_escalation", Type.BOOLEAN, "a process in it may get more rights"),
        Column("reaches_node", Type.BOOLEAN, "it shares a namespace, path or port of its node"),
        Column("shares", Type.TEXT, "which, sorted, as `network, path /run`; NULL: none"),
        Column(
            "has_powers", Type.BOOLEAN, "a capability is added that the baseline does not allow"
        ),
        Column("capabilities", Type.TEXT, "that are added, sorted; NULL: none"),
        Column("drops_all", Type.BOOLEAN, "every capability is taken away first"),
        Column("is_read_only", Type.BOOLEAN, "its own file system"),
        Column("is_confined", Type.BOOLEAN, "a seccomp profile is named, and it is not Unconfined"),
        Column("has_limits", Type.BOOLEAN, "of processor time and of memory"),
        Column("service_account", Type.TEXT, "with whose rights it may ask the API"),
        Column("has_token", Type.BOOLEAN, "it is given the token; NULL: the account decides"),
        Column("created_at", Type.TIMESTAMP, "of the workload; NULL when not known"),
    ),
)

NAMESPACES = TableSpec(
    "cluster.namespaces",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("namespace", Type.TEXT, "its name"),
        Column("namespace_uid", Type.TEXT, "id that is never given again"),
        Column("policies", Type.INTEGER, "network policies in it; NULL when not known"),
        Column("denies_in", Type.BOOLEAN, "nothing gets in but what a policy lets in"),
        Column("denies_out", Type.BOOLEAN, "nothing gets out but what a policy lets out"),
        Column("enforces", Type.TEXT, "pod security standard; NULL: the cluster's default"),
        Column("enforces_version", Type.TEXT, "of the standard; NULL: the cluster's default"),
        Column("pods", Type.INTEGER, "pods in it; NULL when not known"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
    ),
)

SERVERS = TableSpec(
    "cluster.servers",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("server", Type.TEXT, "pod of an API server; the cluster, where none is shown"),
        Column("version", Type.TEXT, "as v1.34.2, of the server that answered"),
        Column("support_ends_on", Type.DATE, "by the publisher of Kubernetes; NULL when not known"),
        Column("encrypts_secrets", Type.BOOLEAN, "before they are stored; NULL when not known"),
        Column("encryption", Type.TEXT, "with what, or how it is known that nothing does"),
        Column("allows_anonymous", Type.BOOLEAN, "NULL when it is not shown how it was started"),
        Column("authorizes_by", Type.TEXT, "authorization modes; NULL as allows_anonymous"),
        Column("keeps_audit", Type.BOOLEAN, "an audit log is kept; NULL as allows_anonymous"),
    ),
)

NODES = TableSpec(
    "cluster.nodes",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("node", Type.TEXT, "its name"),
        Column("node_uid", Type.TEXT, "id that is never given again"),
        Column("kubelet_version", Type.TEXT, "as v1.34.2"),
        Column("support_ends_on", Type.DATE, "of that release, by its publisher; NULL: not known"),
        Column("os_image", Type.TEXT, "its operating system, in the node's words"),
        Column("kernel_version", Type.TEXT, "as uname -r"),
        Column("runtime", Type.TEXT, "what runs containers, with its version"),
        Column("is_ready", Type.BOOLEAN, "NULL when nobody heard of it"),
        Column("created_at", Type.TIMESTAMP, "NULL when not known"),
    ),
)
