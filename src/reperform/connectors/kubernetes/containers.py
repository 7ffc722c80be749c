"""The security context of a container, as its pod's template sets it."""

from collections.abc import Iterable
from typing import Any

from reperform.connectors.kept import said
from reperform.connectors.said import objects, of, truth, whole

_BASELINE = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "NET_BIND_SERVICE",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
"""Capabilities that may be added.  Source: Kubernetes, Pod Security Standards, baseline."""
_LISTS = ("initContainers", "containers", "ephemeralContainers")


def containers_of(pod: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the containers of a pod's specification, those that begin it too.

    Raises:
        KeyError: it has none, so that it is no specification of a pod.
    """
    if not objects(pod["containers"]):
        raise KeyError("containers")
    return [one for name in _LISTS for one in objects(pod.get(name))]


def values(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
    """Return what a container may do.

    What the template leaves out has the value that Kubernetes takes then; only who runs it is left
    to the image, and so is not forbidden to be root.
    """
    own = of(container, "securityContext")
    shared, added = _shared(pod, container), _texts(of(own, "capabilities", "add"))
    image = said(container.get("image"), most=1_000)
    return {
        "container": said(container.get("name")),
        "image": image,
        "is_pinned": None if image is None else "@sha256:" in image or "@sha512:" in image,
        "is_privileged": of(own, "privileged") is True,
        "forbids_root": _forbids_root(pod, own),
        "allows_escalation": of(own, "allowPrivilegeEscalation") is not False,
        "reaches_node": bool(shared),
        "shares": _joined(shared),
        "has_powers": bool(set(added) - _BASELINE),
        "capabilities": _joined(added),
        "drops_all": "ALL" in _texts(of(own, "capabilities", "drop")),
        "is_read_only": of(own, "readOnlyRootFilesystem") is True,
        "is_confined": _is_confined(pod, own),
        "has_limits": all(of(container, "resources", "limits", name) for name in ("cpu", "memory")),
        "service_account": said(pod.get("serviceAccountName")) or "default",
        "has_token": truth(pod.get("automountServiceAccountToken")),
    }


def _forbids_root(pod: dict[str, Any], own: object) -> bool:
    """Return whether it cannot run as root: what the container says comes before the pod's."""
    user, is_other = (
        next((said for said in found if said is not None), None)
        for found in (
            (of(own, name), of(pod, "securityContext", name))
            for name in ("runAsUser", "runAsNonRoot")
        )
    )
    number = whole(user)
    return is_other is True or (number is not None and number > 0)


def _shared(pod: dict[str, Any], container: dict[str, Any]) -> list[str]:
    """Return what of its node a container has: namespaces, paths, ports."""
    names = {"hostNetwork": "network", "hostPID": "processes", "hostIPC": "memory"}
    found = [name for key, name in names.items() if pod.get(key) is True]
    paths = (of(volume, "hostPath", "path") for volume in objects(pod.get("volumes")))
    ports = (whole(port.get("hostPort")) for port in objects(container.get("ports")))
    found += [f"path {path}" for path in paths if path is not None]
    return found + [f"port {port}" for port in ports if port]


def _is_confined(pod: dict[str, Any], own: object) -> bool:
    kind = of(own, "seccompProfile", "type") or of(pod, "securityContext", "seccompProfile", "type")
    return isinstance(kind, str) and kind != "Unconfined"


def _texts(value: object) -> list[str]:
    listed = value if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, str)]


def _joined(values: Iterable[str]) -> str | None:
    """Return texts sorted, joined by a comma; None when there is none."""
    return said(", ".join(sorted(set(values))), most=2_000)
