"""Opening connections: TLS verified, and never to an address that no source has."""

import ssl
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection

from reperform.connectors.calls.messages import CallFailedError

_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})
"""Where clouds hand out a machine's own credentials, besides the link-local addresses."""


def refuse_address(address: str) -> None:
    """Refuse an address that only this machine's own cloud or link is behind.

    Private networks are allowed: that is where many sources are.

    Raises:
        CallFailedError: it is link-local, multicast, unspecified, or a metadata service.
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


def _judged(opened: Any) -> Any:  # noqa: ANN401 - urllib3's socket
    """Return a connection that leads where one may; nothing was sent yet."""
    try:
        refuse_address(str(opened.getpeername()[0]))
    except CallFailedError:
        opened.close()
        raise
    return opened


class _PlainConnection(HTTPConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
        return _judged(super()._new_conn())


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> Any:  # noqa: ANN401 - urllib3's socket
        return _judged(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


def opened(*, roots: str, seconds: float) -> PoolManager:
    """Return what calls are made with: no redirects, no proxies of the environment, no retries.

    Args:
        roots: certificates (PEM) to trust besides this machine's; empty for none.
        seconds: to wait for a connection or for the next bytes.

    Raises:
        CallFailedError: `roots` are no certificates.
    """
    manager = PoolManager(ssl_context=_trusting(roots), retries=False, timeout=Timeout(seconds))
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    return manager


@lru_cache(maxsize=16)
def _trusting(roots: str) -> ssl.SSLContext:
    """Return what verifies certificates: this machine's roots are many, and are read once."""
    context = ssl.create_default_context()
    if roots:
        try:
            context.load_verify_locations(cadata=roots)
        except (ssl.SSLError, ValueError) as error:
            what = "the certificates to trust cannot be read"
            raise CallFailedError(what, todo="give them as PEM") from error
    return context
