"""cluster/workloads: what runs in which namespace, with which rights, and what reaches it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import moment, said, state_covers
from reperform.connectors.kubernetes.containers import containers_of, values
from reperform.connectors.kubernetes.policies import denies
from reperform.connectors.kubernetes.server import APPS, BATCH, CORE, NETWORK, Cluster
from reperform.connectors.kubernetes.tables import CONTAINERS, NAMESPACES
from reperform.connectors.said import Said, objects, of

TABLES = (CONTAINERS, NAMESPACES)
NEEDS = ("list pods", "list workloads", "list namespaces", "list networkpolicies")
BLIND = (
    "pods that ran between two collections; what admission would refuse; whether the network of "
    "the cluster enforces its policies, and policies of its own kinds; what an image runs as"
)
_PODS, _NAMESPACES, _POLICIES = "pods", "namespaces", "networkpolicies"
_POD, _TEMPLATE = ("spec",), ("spec", "template", "spec")
_KINDS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    _PODS: ("Pod", CORE, _POD),
    "replicationcontrollers": ("ReplicationController", CORE, _TEMPLATE),
    "deployments": ("Deployment", APPS, _TEMPLATE),
    "daemonsets": ("DaemonSet", APPS, _TEMPLATE),
    "statefulsets": ("StatefulSet", APPS, _TEMPLATE),
    "replicasets": ("ReplicaSet", APPS, _TEMPLATE),
    "jobs": ("Job", BATCH, _TEMPLATE),
    "cronjobs": ("CronJob", BATCH, ("spec", "jobTemplate", "spec", "template", "spec")),
}
"""Resource -> kind, group, and where the specification of its pods lies."""
_ENFORCES = "pod-security.kubernetes.io/enforce"


def ask(cluster: Cluster) -> Iterator[Answer]:
    """Yield the namespaces, the policies of their networks, and what runs in them."""
    yield cluster.api.observed()
    yield from cluster.listed(_NAMESPACES, CORE)
    yield from cluster.listed(_POLICIES, NETWORK)
    for resource, (_, group, _) in _KINDS.items():
        yield from cluster.listed(resource, group)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each container of each workload, and each namespace.

    What another workload made from its own template is left out: its template is there.
    """
    found = Said(answers)
    made_by = {
        of(one, "metadata", "uid")
        for resource in _KINDS
        for _, one in found.each(resource, "items")
    }
    pods: Counter[object] = Counter()
    for resource, (kind, _, path) in _KINDS.items():
        for kept, one in found.each(resource, "items"):
            pods[of(one, "metadata", "namespace")] += resource == _PODS
            if _maker(one) in made_by:
                continue
            pod = one
            for name in path:
                pod = pod[name]
            told = {
                "namespace": said(of(one, "metadata", "namespace")),
                "workload": said(f"{kind}/{of(one, 'metadata', 'name')}"),
                "created_at": moment(of(one, "metadata", "creationTimestamp")),
            }
            for container in containers_of(pod):
                yield found.row(CONTAINERS.name, kept, **told, **values(pod, container))
    yield from _namespaces(found, pods)


def _maker(one: dict[str, Any]) -> object:
    """Return the uid of the workload that an object was made by; None when it was by none."""
    owners = objects(of(one, "metadata", "ownerReferences"))
    return next((owner["uid"] for owner in owners if owner.get("controller") is True), None)


def _namespaces(found: Said, pods: Counter[object]) -> Iterator[Row]:
    policies: dict[object, list[dict[str, Any]]] = {}
    for _, policy in found.each(_POLICIES, "items"):
        policies.setdefault(of(policy, "metadata", "namespace"), []).append(policy["spec"])
    is_known, has_pods = found.has(_POLICIES), found.has(_PODS)
    for kept, one in found.each(_NAMESPACES, "items"):
        name = of(one, "metadata", "name")
        own = policies.get(name, [])
        labels = of(one, "metadata", "labels")
        yield found.row(
            NAMESPACES.name,
            kept,
            namespace=said(name),
            namespace_uid=said(of(one, "metadata", "uid")),
            policies=len(own) if is_known else None,
            denies_in=denies(own, "Ingress") if is_known else None,
            denies_out=denies(own, "Egress") if is_known else None,
            enforces=said(of(labels, _ENFORCES)),
            enforces_version=said(of(labels, f"{_ENFORCES}-version")),
            pods=pods[name] if has_pods else None,
            created_at=moment(of(one, "metadata", "creationTimestamp")),
        )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; containers need every kind of workload."""
    needed = {
        CONTAINERS.name: tuple(_KINDS),
        NAMESPACES.name: (_NAMESPACES, _POLICIES, _PODS),
    }
    return state_covers(answers, started_at, needed)
