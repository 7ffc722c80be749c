"""cluster: a cluster of Kubernetes by its API: who may do what, what runs, what reaches it."""

from collections.abc import Callable, Iterator

from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.contract import Asking, Check, Connector, Permission, Stream, looked
from reperform.connectors.kubernetes import access as people
from reperform.connectors.kubernetes import servers, workloads
from reperform.connectors.kubernetes.server import APPS, CORE, NETWORK, RBAC, Cluster
from reperform.connectors.settings import Access, Setting, SettingKind

ACCESS = Source("cluster/access", people.TABLES, people.shape, people.covers, people.BLIND)
WORKLOADS = Source(
    "cluster/workloads", workloads.TABLES, workloads.shape, workloads.covers, workloads.BLIND
)
SERVERS = Source("cluster/servers", servers.TABLES, servers.shape, servers.covers, servers.BLIND)

_WHY = {
    "list serviceaccounts": "the accounts of programs; their tokens are not asked for",
    "list roles": "roles and clusterroles: what each lets its holders do",
    "list rolebindings": "rolebindings and clusterrolebindings: who holds which role",
    "list namespaces": "namespaces and what they enforce",
    "list networkpolicies": "what the network lets through",
    "list pods": "pods that no other workload made, and how the API servers were started",
    "list workloads": "deployments, daemonsets, statefulsets, replicasets, replicationcontrollers, "
    "jobs and cronjobs",
    "list nodes": "nodes and their releases",
    "get /version": "the release of the API server",
    "get /metrics": "figures that show with what secrets are stored",
}
_ONE = "?limit=1"
_TRIED = {
    "list serviceaccounts": f"{CORE}/serviceaccounts{_ONE}",
    "list roles": f"{RBAC}/clusterroles{_ONE}",
    "list rolebindings": f"{RBAC}/clusterrolebindings{_ONE}",
    "list namespaces": f"{CORE}/namespaces{_ONE}",
    "list networkpolicies": f"{NETWORK}/networkpolicies{_ONE}",
    "list pods": f"{CORE}/pods{_ONE}",
    "list workloads": f"{APPS}/deployments{_ONE}",
    "list nodes": f"{CORE}/nodes{_ONE}",
}


def _questions(access: Access, _: Asking) -> list[Question]:
    asked = ((ACCESS, people.ask), (WORKLOADS, workloads.ask), (SERVERS, servers.ask))
    return [_question(source.stream, access, ask) for source, ask in asked]


def _question(stream: str, access: Access, ask: Callable[[Cluster], Iterator[Answer]]) -> Question:
    return Question(stream, access.text("address"), lambda: ask(Cluster(access)))


def _check(access: Access) -> Check:
    """Ask for one thing of each kind."""
    cluster = Cluster(access)
    findings = [looked("get /version", cluster.one("version", "version"))]
    findings += [looked(name, cluster.one(name, path)) for name, path in _TRIED.items()]
    findings.append(looked("get /metrics", cluster.text("metrics", "metrics")))
    return Check(cluster.api.system, tuple(findings))


CONNECTOR = Connector(
    name="cluster",
    title="Kubernetes cluster",
    asks="One cluster, by its API: who is bound to which role; the security context of everything "
    "that runs; network policies; releases, and how secrets are stored. No secret is asked for.",
    blind="what happened between two collections, which the audit log says; clusters inside it; "
    "what an admission policy would refuse",
    permissions=tuple(Permission(name, why, is_required=False) for name, why in _WHY.items()),
    settings=(
        Setting("cluster", "Cluster", "its name, as rows show it: the same as for its audit log"),
        Setting(
            "address",
            "Address of the API server",
            "server in a kubeconfig, as https://10.0.0.1:6443",
            SettingKind.ADDRESS,
        ),
        Setting(
            "authority",
            "Certificates to trust",
            "the cluster's own authority (PEM): certificate-authority-data, decoded",
            SettingKind.TEXT,
            is_required=False,
        ),
        Setting(
            "token",
            "Token",
            "of a service account with the role that docs/how-to/collect-from-kubernetes.md gives",
            is_required=False,
            is_secret=True,
        ),
        Setting(
            "certificate",
            "Certificate",
            "instead of a token: by which the cluster knows us (PEM)",
            SettingKind.TEXT,
            is_required=False,
        ),
        Setting(
            "key",
            "Key of the certificate",
            "PEM, without a password",
            SettingKind.TEXT,
            is_required=False,
            is_secret=True,
        ),
    ),
    streams=(
        Stream(ACCESS, needs=people.NEEDS),
        Stream(WORKLOADS, needs=workloads.NEEDS),
        Stream(SERVERS, needs=servers.NEEDS),
    ),
    questions=_questions,
    check=_check,
)
