"""Which addresses the server may call for an organization's identity provider.

An administrator of one organization names the address and the server calls it: without a rule,
they could make it call what only the server's own network reaches.
Source: OWASP ASVS 4.0.3, 12.6.1.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from reperform.base.refusal import RefusalError


class ProviderUnreachableError(RefusalError):
    """The server does not call this address."""

    slug = "provider-unreachable"


def refuse_url(url: str, *, is_development: bool) -> None:
    """Refuse a URL by what it says, before anything is called.

    Args:
        url: to call.
        is_development: whether the installation serves plain HTTP: then HTTP on this machine is
            allowed.

    Raises:
        ProviderUnreachableError: it is not HTTPS, has credentials, or no host.

    >>> refuse_url("https://id.example.com/realms/x", is_development=False)
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise _refused(url, "it is no URL") from None
    if not host or parts.username is not None or not url.isprintable() or " " in url:
        raise _refused(url, "it has no host, or has credentials in it")
    if parts.scheme == "https":
        return
    if not (parts.scheme == "http" and is_development and _is_loopback(host)):
        raise _refused(url, "it is not HTTPS")


def refuse_address(
    address: str, *, scheme: str, is_development: bool, allows_private: bool
) -> None:
    """Refuse an address that a host's name led to, before anything is sent.

    Args:
        address: of the connection that was opened: names can lead elsewhere each time.
        scheme: `https` or `http`.
        is_development: as above.
        allows_private: whether the installation's setting allows addresses of private networks.

    Raises:
        ProviderUnreachableError: it is no public address, and nothing allows it.
    """
    found = ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    if found.is_global and not found.is_multicast and scheme == "https":
        return
    if is_development and found.is_loopback:
        return
    if allows_private and scheme == "https" and not found.is_multicast:
        return
    raise _refused(address, "it is no public address")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(what: str, reason: str) -> ProviderUnreachableError:
    return ProviderUnreachableError(
        f"{what[:200]} was not called: {reason}",
        why="The server would call for one organization what only its own network may reach.",
        todo=(
            "give the provider's public HTTPS address",
            "on a private network, who runs the installation sets REPERFORM_PRIVATE_PROVIDERS=1",
        ),
    )
