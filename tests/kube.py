"""A small cluster of Kubernetes: its API behind a real HTTPS server, page by page."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from answering import Said, Server, answering
from reperform.connectors.settings import Access

TOKEN = "a-token-of-the-collector"
CORE, APPS, BATCH = "/api/v1", "/apis/apps/v1", "/apis/batch/v1"
RBAC, NETWORK = "/apis/rbac.authorization.k8s.io/v1", "/apis/networking.k8s.io/v1"
POLICIES, API_SERVERS = f"{NETWORK}/networkpolicies", f"{CORE}/namespaces/kube-system/pods"
EMPTY = (
    *(f"{CORE}/{name}" for name in ("serviceaccounts", "namespaces", "pods", "nodes")),
    f"{CORE}/replicationcontrollers",
    *(f"{RBAC}/{name}" for name in ("roles", "clusterroles")),
    *(f"{RBAC}/{name}" for name in ("rolebindings", "clusterrolebindings")),
    *(f"{APPS}/{name}" for name in ("deployments", "daemonsets", "statefulsets", "replicasets")),
    *(f"{BATCH}/{name}" for name in ("jobs", "cronjobs")),
    POLICIES,
    API_SERVERS,
)
"""Paths of every kind of object that is asked for."""
EVERYTHING = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
_YEARS = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Signed:
    """A certificate and its key, both PEM."""

    certificate: str
    key: str


class Authority:
    """A cluster's own authority: signs the server's certificate and those of callers."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        self.pem = self._sign(self._name, self._key.public_key(), basic)

    def sign(self, name: str) -> Signed:
        """Return a certificate for a name, good for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        plain = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return Signed(self._sign(subject, key.public_key(), address), plain.decode())

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType
    ) -> str:
        signed = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_YEARS[0])
            .not_valid_after(_YEARS[1])
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(self._key, hashes.SHA256())
        )
        return signed.public_bytes(serialization.Encoding.PEM).decode()


@dataclass
class Kube:
    """What a cluster holds, and how its API server tells it.

    Attributes:
        lists: path -> the objects of a kind.
        things: path -> an object, or bytes as they are.
        refused: path -> the answer that is given instead.
        said: path -> answers that are given first, one after the other.
        size: objects of a page, whatever is asked for.
        hidden: objects that are announced, and never given.
        gone: how often a page that goes on is not remembered any more.
        moves: each page is of another moment.
    """

    authority: Authority
    server: Server = field(default_factory=lambda: Server(""))
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Said] = field(default_factory=dict)
    said: dict[str, list[Said]] = field(default_factory=dict)
    size: int = 2
    hidden: int = 0
    gone: int = 0
    moves: bool = False

    def reset(self) -> None:
        """Forget all that one test said."""
        fresh = Kube(self.authority)
        for name in vars(fresh):
            if name not in ("authority", "server"):
                setattr(self, name, getattr(fresh, name))
        self.server.asked.clear()
        self.server.callers.clear()

    def access(self, **more: Any) -> Access:  # noqa: ANN401 - settings
        """Return how it is reached, with a token."""
        settings = {
            "cluster": "prod",
            "address": self.server.address,
            "authority": self.authority.pem,
            "certificate": "",
        }
        secrets = {"token": TOKEN}
        for name, value in more.items():
            (secrets if name in ("token", "key") else settings)[name] = value
        return Access(settings, {name: value for name, value in secrets.items() if value})

    def answer(self, path: str, number: int) -> Said:
        """Answer as an API server does."""
        _, _, headers, _ = self.server.asked[number - 1]
        is_known = headers.get("authorization") == f"Bearer {TOKEN}"
        if not is_known and not self.server.callers[number - 1]:
            return status(401, "Unauthorized", "Unauthorized")
        parts = urlsplit(path)
        if self.said.get(parts.path):
            return self.said[parts.path].pop(0)
        if parts.path in self.refused:
            return self.refused[parts.path]
        if parts.path in self.things:
            return Said(self.things[parts.path])
        if parts.path in self.lists:
            return self._page(dict(parse_qsl(parts.query)), self.lists[parts.path])
        return status(404, "NotFound", "the server could not find the requested resource")

    def _page(self, query: dict[str, str], listed: list[dict[str, Any]]) -> Said:
        begin = int(query.get("continue", "0"))
        if begin and self.gone:
            self.gone -= 1
            return status(410, "Expired", "The provided continue parameter is too old")
        end = begin + min(self.size, int(query.get("limit", "500")))
        metadata: dict[str, Any] = {"resourceVersion": str(7 + begin * self.moves)}
        if end < len(listed):
            metadata["continue"] = str(end)
            metadata["remainingItemCount"] = len(listed) - end + self.hidden
        return Said({"kind": "List", "metadata": metadata, "items": listed[begin:end]})


def status(code: int, reason: str, message: str) -> Said:
    """Return how an API server refuses."""
    told = {"kind": "Status", "status": "Failure", "message": message, "reason": reason}
    return Said({**told, "code": code}, status=code)


def forbidden(resource: str) -> Said:
    """Return the answer to who may not list a kind of object."""
    who = 'User "system:serviceaccount:audit:collector"'
    what = f'{resource} is forbidden: {who} cannot list resource "{resource}" at the cluster scope'
    return status(403, "Forbidden", what)


def named(name: str, namespace: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return an object with its metadata; its uid is its namespace and name."""
    metadata = {
        "name": name,
        "uid": f"uid-{namespace}-{name}",
        "creationTimestamp": "2026-01-02T03:04:05Z",
        **({"namespace": namespace} if namespace else {}),
    }
    return {"metadata": metadata | more.pop("metadata", {}), **more}


def binding(name: str, role: str, *subjects: dict[str, str], namespace: str = "") -> dict[str, Any]:
    kind = "ClusterRole" if role != "own" else "Role"
    return named(name, namespace, roleRef={"kind": kind, "name": role}, subjects=list(subjects))


@contextmanager
def serving(folder: Path) -> Iterator[Kube]:
    """Serve a cluster until the block ends; who shows a certificate of its authority is known."""
    kube = Kube(Authority())
    own = kube.authority.sign("kube-apiserver")
    pem = folder / "server.pem"
    pem.write_text(own.certificate + own.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.load_verify_locations(cadata=kube.authority.pem)
    context.verify_mode = ssl.CERT_OPTIONAL
    with answering(kube.answer, context=context) as server:
        kube.server = server
        yield kube
