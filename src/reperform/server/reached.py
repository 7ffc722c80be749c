"""How browsers reach the server: by which address and names, by HTTPS or not, by which proxy."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from reperform.base.refusal import RefusalError
from reperform.connectors.calls.opening import networks
from reperform.connectors.settings import Networks

_HERE = ("127.0.0.1", "localhost", "[::1]")


class ServerAddressError(RefusalError):
    """A variable about the server's address or proxy is wrong."""

    slug = "server-address"


@dataclass(frozen=True)
class Reached:
    """How browsers reach the server.

    Attributes:
        url: scheme, name and port, without a slash at the end; empty when it was not said.
        hosts: names that requests may ask for.
        is_https: cookies travel by HTTPS only, and browsers are told to keep to it.
        proxy: address of the one proxy whose word about a visitor counts; empty for none.
    """

    url: str
    hosts: list[str]
    is_https: bool
    proxy: str


def reached(environ: Mapping[str, str]) -> Reached:
    """Return what the variables REPERFORM_URL, _HOSTS, _HTTPS and _PROXY say.

    Raises:
        ServerAddressError: the URL is not one of a whole site, or the proxy is no IP address.

    >>> said = reached({"REPERFORM_URL": "https://soc.example.com", "REPERFORM_PROXY": "127.0.0.1"})
    >>> said.hosts, said.is_https
    (['127.0.0.1', 'localhost', '[::1]', 'soc.example.com'], True)
    """
    url = environ.get("REPERFORM_URL", "").removesuffix("/")
    name = _name_in(url) if url else ""
    hosts = [each.strip() for each in environ.get("REPERFORM_HOSTS", "").split(",")]
    told = [each for each in hosts if each] or list(_HERE)
    https = environ.get("REPERFORM_HTTPS") or ("1" if url.startswith("https:") else "0")
    return Reached(
        url=url,
        hosts=told + ([name] if name and name not in told else []),
        is_https=https == "1",
        proxy=_proxy(environ.get("REPERFORM_PROXY", "")),
    )


def private_sources(said: str) -> Networks:
    """Return what REPERFORM_PRIVATE_SOURCES says: networks that connections may call.

    Raises:
        ServerAddressError: it names something else.

    >>> private_sources("10.1.0.0/16")
    (IPv4Network('10.1.0.0/16'),)
    """
    try:
        return networks(said)
    except ValueError as error:
        raise ServerAddressError(
            f"REPERFORM_PRIVATE_SOURCES: {error}",
            why="Connections would reach another network than the one that was meant.",
            todo="write networks with commas between, as 10.1.0.0/16,192.168.7.4, or all",
        ) from error


def _name_in(url: str) -> str:
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        name, parts = "", urlsplit("")
    bare = f"{parts.scheme}://{parts.netloc}" == url and "@" not in parts.netloc
    if parts.scheme not in {"http", "https"} or not name or not bare:
        raise ServerAddressError(
            f"the server did not start: REPERFORM_URL is not the address of a site: {url}",
            why="Links in invitations would lead nowhere, and forms would be refused.",
            todo="write it as https://reperform.example.com, without a path",
        )
    return f"[{name}]" if ":" in name else name


def _proxy(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address)) if address else ""
    except ValueError as error:
        raise ServerAddressError(
            f"the server did not start: REPERFORM_PROXY is not an IP address: {address}",
            why="Who may say where a visitor comes from must be one machine, not any.",
            todo="name the address from which the proxy connects, as 127.0.0.1, or unset it",
        ) from error
