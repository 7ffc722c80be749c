"""cluster/servers: the API servers and nodes: their release, and how secrets are stored."""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.kept import by_name, moment, said, state_covers, text_of
from reperform.connectors.kubernetes.server import CORE, Cluster
from reperform.connectors.kubernetes.tables import NODES, SERVERS
from reperform.connectors.said import Said, objects, of

TABLES = (SERVERS, NODES)
NEEDS = ("get /version", "list pods", "get /metrics", "list nodes")
BLIND = (
    "how the API servers of a managed cluster were started; other API servers than the one that "
    "answered, where its figures show how secrets are stored; secrets that nobody read or wrote "
    "since it was started; the publisher's support of a managed cluster"
)
_VERSION, _FIGURES, _NODES = "version", "metrics", "nodes"
_PODS = "namespaces/kube-system/pods"
_API_SERVERS = "component=kube-apiserver"
_RELEASE = re.compile(r"v(\d+\.\d+)\.\d+(?:[-+](.*))?")
_OTHERS = ("eks", "gke")
"""Who builds these names other days for the end of support than the publisher does."""
_STORED = re.compile(
    r"^apiserver_storage_transformation_operations_total\{([^}]*)\} +([0-9.eE+]+)", re.MULTILINE
)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def ask(cluster: Cluster) -> Iterator[Answer]:
    """Yield the release, how the API servers were started, their figures, and the nodes."""
    yield cluster.api.observed()
    yield cluster.one(_VERSION, "version")
    yield from cluster.listed(_PODS, CORE, labelSelector=_API_SERVERS)
    yield cluster.text(_FIGURES, "metrics")
    yield from cluster.listed(_NODES, CORE)


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each API server that is shown, or one for all that are not; and each node."""
    found = Said(answers)
    figures = by_name(answers).get(_FIGURES)
    prefixes = _prefixes(text_of(figures)) if figures else set()
    shown = list(found.each(_PODS, "items"))
    for kept, one in found.each(_VERSION):
        version = said(one["gitVersion"])
        told = {"version": version, "support_ends_on": support_ends_on(version)}
        for pod_kept, pod in shown:
            flags = _flags(pod)
            yield found.row(
                SERVERS.name,
                pod_kept,
                server=said(of(pod, "metadata", "name")),
                **told,
                **_encryption(prefixes, flags),
                allows_anonymous=flags.get("anonymous-auth", "true") == "true",
                authorizes_by=said(flags.get("authorization-mode", "AlwaysAllow")),
                keeps_audit="audit-policy-file" in flags
                and bool({"audit-log-path", "audit-webhook-config-file"} & set(flags)),
            )
        if not shown:
            name = said(found.facts.get("system"))
            encryption = _encryption(prefixes, None)
            yield found.row(SERVERS.name, kept, server=name, **told, **encryption)
    for kept, node in found.each(_NODES, "items"):
        yield found.row(NODES.name, kept, **_node(node))


def support_ends_on(version: str | None) -> str | None:
    """Return the last day of the publisher's support; None when it is not known, or another's.

    >>> support_ends_on("v1.33.4"), support_ends_on("v1.33.4+k3s1")
    ('2026-06-28', '2026-06-28')
    >>> support_ends_on("v1.33.4-eks-3abbec1"), support_ends_on("v9.9.9")
    (None, None)
    """
    found = _RELEASE.fullmatch(version or "")
    if not found or (found[2] or "").startswith(_OTHERS):
        return None
    text = files(__package__ or "").joinpath("support.csv").read_text("utf-8")
    days = {line["release"]: line["support_ends_on"] for line in csv.DictReader(text.splitlines())}
    return days.get(found[1])


def _prefixes(figures: str) -> set[str]:
    """Return with what secrets were stored, or were when they were read: `identity` is in clear."""
    found = set()
    for labels, count in _STORED.findall(figures):
        named = dict(_LABEL.findall(labels))
        if named.get("resource") == "secrets" and named.get("status") == "OK" and float(count) > 0:
            found.add(named.get("transformer_prefix", ""))
    return {each for each in found if each == "identity" or each.startswith("k8s:enc:")}


def _encryption(prefixes: set[str], flags: dict[str, str] | None) -> dict[str, Any]:
    """Return whether secrets are encrypted before they are stored, and how that is known."""
    if flags is not None and "encryption-provider-config" not in flags:
        told = "it was started without --encryption-provider-config"
        return {"encrypts_secrets": False, "encryption": told}
    if not prefixes:
        return {}
    return {
        "encrypts_secrets": "identity" not in prefixes,
        "encryption": said(", ".join(sorted(prefixes))),
    }


def _flags(pod: dict[str, Any]) -> dict[str, str]:
    """Return how a server was started: names without dashes -> values.

    Raises:
        KeyError: it is no pod.
    """
    words = [
        word
        for container in objects(pod["spec"]["containers"])
        for name in ("command", "args")
        for word in (container.get(name) or ())
        if isinstance(word, str)
    ]
    found = {}
    for number, word in enumerate(words):
        name, has_value, value = word.removeprefix("--").partition("=")
        if word.startswith("--"):
            following = words[number + 1] if number + 1 < len(words) else "true"
            found[name] = value if has_value else "true" if following[:2] == "--" else following
    return found


def _node(node: dict[str, Any]) -> dict[str, Any]:
    told = node["status"]["nodeInfo"]
    version = said(told["kubeletVersion"])
    ready = [one for one in objects(of(node, "status", "conditions")) if one.get("type") == "Ready"]
    return {
        "node": said(of(node, "metadata", "name")),
        "node_uid": said(of(node, "metadata", "uid")),
        "kubelet_version": version,
        "support_ends_on": support_ends_on(version),
        "os_image": said(told.get("osImage")),
        "kernel_version": said(told.get("kernelVersion")),
        "runtime": said(told.get("containerRuntimeVersion")),
        "is_ready": {"True": True, "False": False}.get(
            str(ready[0].get("status")) if ready else ""
        ),
        "created_at": moment(of(node, "metadata", "creationTimestamp")),
    }


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking; figures and pods that were refused leave NULL in the rows."""
    needed = {SERVERS.name: (_VERSION,), NODES.name: (_NODES,)}
    return state_covers(answers, started_at, needed)
