"""What a role of Kubernetes lets its holder do, and by which of its rights more can be had."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from reperform.connectors.said import objects

_ALL = "*"
_RBAC = "rbac.authorization.k8s.io"
_CHANGES = frozenset({"create", "update", "patch"})
_READS = frozenset({"get", "list", "watch"})


class Way(NamedTuple):
    """Rights by which their holder can get more than the role gives."""

    name: str
    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]


def _way(name: str, groups: str, resources: str, verbs: Iterable[str]) -> Way:
    return Way(name, frozenset([groups]), frozenset(resources.split()), frozenset(verbs))


WAYS: tuple[Way, ...] = (
    _way("escalate roles", _RBAC, "roles clusterroles", ("escalate",)),
    _way("bind roles", _RBAC, "roles clusterroles", ("bind",)),
    _way("act as others", "", "users groups serviceaccounts", ("impersonate",)),
    _way("read secrets", "", "secrets", _READS),
    _way("issue tokens", "", "serviceaccounts/token", ("create",)),
    _way("run pods", "", "pods replicationcontrollers", _CHANGES),
    _way("run pods", "apps", "deployments daemonsets statefulsets replicasets", _CHANGES),
    _way("run pods", "batch", "jobs cronjobs", _CHANGES),
    _way("enter pods", "", "pods/exec pods/attach", _READS | _CHANGES),
    _way("enter pods", "", "pods/ephemeralcontainers", _CHANGES),
    _way("reach nodes", "", "nodes/proxy", _READS | _CHANGES),
    _way("mount nodes", "", "persistentvolumes", ("create",)),
    _way(
        "issue certificates", "certificates.k8s.io", "certificatesigningrequests/approval", _CHANGES
    ),
    _way(
        "change admission",
        "admissionregistration.k8s.io",
        "mutatingwebhookconfigurations validatingwebhookconfigurations",
        _CHANGES,
    ),
    _way("relabel namespaces", "", "namespaces", ("patch", "update")),
)
"""Source: Kubernetes documentation, "Role Based Access Control Good Practices"."""


def allows_everything(rules: object) -> bool:
    """Return whether a rule gives every verb on every resource of every group.

    >>> allows_everything([{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}])
    True
    """
    return any(
        all(_ALL in _texts(rule, name) for name in ("apiGroups", "resources", "verbs"))
        and not _texts(rule, "resourceNames")
        for rule in objects(rules)
    )


def escalates(rules: object) -> list[str]:
    """Return the names of the ways to more rights that some rules hold, sorted.

    A rule for single objects by their names counts too: one of them may be enough.

    >>> escalates([{"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}])
    ['read secrets']
    """
    listed = objects(rules)
    return sorted({way.name for way in WAYS if any(_holds(rule, way) for rule in listed)})


def _holds(rule: Mapping[str, Any], way: Way) -> bool:
    wanted = (
        (way.groups, _texts(rule, "apiGroups")),
        (way.verbs, _texts(rule, "verbs")),
        (way.resources | _with_parts(way.resources), _texts(rule, "resources")),
    )
    return all(_ALL in said or said & named for named, said in wanted)


def _with_parts(resources: Iterable[str]) -> frozenset[str]:
    """Return how rules name parts of every resource, as `*/exec` for `pods/exec`."""
    return frozenset(f"*/{name.partition('/')[2]}" for name in resources if "/" in name)


def _texts(rule: Mapping[str, Any], name: str) -> frozenset[str]:
    found = rule.get(name)
    listed = found if isinstance(found, list) else []
    return frozenset(each for each in listed if isinstance(each, str))
