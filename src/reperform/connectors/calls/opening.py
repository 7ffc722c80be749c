"""Opening connections: TLS verified, and never to an address that no source has."""

import os
import socket
import ssl
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

from reperform.connectors.calls.messages import CallFailedError
from reperform.connectors.settings import Networks

_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})
"""Where clouds hand out a machine's own credentials, besides the link-local addresses."""
_ALL = {"all": ("0.0.0.0/0", "::/0")}


def networks(said: str) -> Networks:
    """Return the networks that a setting names, with commas between; `all` names every one.

    Raises:
        ValueError: one of them is no network, and no address.

    >>> [str(one) for one in networks("10.1.0.0/16, 127.0.0.1")]
    ['10.1.0.0/16', '127.0.0.1/32']
    """
    named = [one.strip() for one in said.split(",") if one.strip()]
    return tuple(ip_network(one) for name in named for one in _ALL.get(name, (name,)))


def refuse_address(address: str, private: Networks | None = None) -> None:
    """Refuse an address that only this machine's own cloud, link or network is behind.

    Args:
        address: that a name led to.
        private: networks that may be called although they are not public; None for all of them.

    Raises:
        CallFailedError: it is link-local, multicast, unspecified, or a metadata service; or it is
            not public, and in none of the networks.
    """
    found = ip_address(address.partition("%")[0])
    found = getattr(found, "ipv4_mapped", None) or found
    is_odd = found.is_link_local or found.is_multicast or found.is_unspecified
    if is_odd or str(found) in _METADATA:
        raise CallFailedError(
            f"{address} was not called: no source is there",
            why="Such an address leads to the credentials of the machine that asks.",
            todo="give the source's own address",
        )
    if private is None or found.is_global or any(found in network for network in private):
        return
    raise CallFailedError(
        f"{address} was not called: it is no public address",
        why="The server would call for one organization what only its own network may reach.",
        todo="who runs the installation names the network in REPERFORM_PRIVATE_SOURCES",
    )


def refuse_host(host: str, private: Networks | None = None) -> None:
    """Refuse a name of which one address is refused, see `refuse_address`.

    For protocols whose connection others open: between this and that, a name can be led elsewhere.

    Raises:
        CallFailedError: one of its addresses is refused, or it has none.
    """
    try:
        found = socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise CallFailedError(f"{host[:200]} was not asked: {error}") from error
    for *_, address in found:
        refuse_address(str(address[0]), private)


def _judged(opened: Any, private: Networks | None) -> Any:  # noqa: ANN401 - urllib3's socket
    """Return a connection that leads where one may; nothing was sent yet."""
    try:
        refuse_address(str(opened.getpeername()[0]), private)
    except CallFailedError:
        opened.close()
        raise
    return opened


@lru_cache(maxsize=16)
def _pools(private: Networks | None) -> dict[str, type[HTTPConnectionPool]]:
    """Return pools by scheme whose connections lead where they may."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
            return _judged(super()._new_conn(), private)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
            return _judged(super()._new_conn(), private)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class Identity(NamedTuple):
    """A certificate (PEM) by which we say who we are, and its private key, which is a secret."""

    certificate: str
    key: str


def opened(
    *, roots: str, seconds: float, private: Networks | None, identity: Identity | None = None
) -> PoolManager:
    """Return what calls are made with: no redirects, no proxies of the environment, no retries.

    Args:
        roots: certificates (PEM) to trust besides this machine's; empty for none.
        seconds: to wait for a connection or for the next bytes.
        private: see `refuse_address`.
        identity: shown to a server that asks who calls.

    Raises:
        CallFailedError: `roots` are no certificates, or `identity` is none.
    """
    context = _showing(roots, identity) if identity else _trusting(roots)
    manager = PoolManager(ssl_context=context, retries=False, timeout=Timeout(seconds))
    manager.pool_classes_by_scheme = _pools(private)
    return manager


@lru_cache(maxsize=16)
def _trusting(roots: str) -> ssl.SSLContext:
    """Return what verifies certificates: this machine's roots are many, and are read once."""
    return _context(roots)


def _showing(roots: str, identity: Identity) -> ssl.SSLContext:
    """Return the same with a certificate of our own; it is held for one client only.

    OpenSSL reads a certificate and its key from files: this one lies in memory, as Linux has
    them, and never on a disk.
    """
    context = _context(roots)
    with os.fdopen(os.memfd_create("identity"), "w") as file:
        file.write(f"{identity.certificate.strip()}\n{identity.key.strip()}\n")
        file.flush()
        try:
            context.load_cert_chain(f"/proc/self/fd/{file.fileno()}", password="")
        except (ssl.SSLError, ValueError) as error:
            raise CallFailedError(
                "the certificate by which we are known is not of its key, or cannot be read",
                todo="give both as PEM, the key without a password",
            ) from error
    return context


def _context(roots: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if roots:
        try:
            context.load_verify_locations(cadata=roots)
        except (ssl.SSLError, ValueError) as error:
            what = "the certificates to trust cannot be read"
            raise CallFailedError(what, todo="give them as PEM") from error
    return context
