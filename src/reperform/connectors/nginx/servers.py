"""Servers of nginx: on what they listen, and how what is sent there is protected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reperform.base.table import Column, Kind, TableSpec, Type
from reperform.connectors.kept import said
from reperform.connectors.nginx.parsing import Directive
from reperform.connectors.populations.columns import OBSERVED, SYSTEM

SERVERS = TableSpec(
    "nginx.servers",
    Kind.STATE,
    (
        SYSTEM,
        OBSERVED,
        Column("names", Type.TEXT, "server_name, joined by a space; NULL: none"),
        Column("listen", Type.TEXT, "address and port, as the configuration writes them"),
        Column("port", Type.INTEGER, "NULL: a socket of the machine itself"),
        Column("is_public", Type.BOOLEAN, "others than the machine itself reach the address"),
        Column("is_encrypted", Type.BOOLEAN, "it does TLS"),
        Column("protocols", Type.TEXT, "ssl_protocols; NULL: not named, nginx's own default"),
        Column("accepts_old", Type.BOOLEAN, "older than TLS 1.2 are named; NULL: none are named"),
        Column("ciphers", Type.TEXT, "ssl_ciphers; NULL: not named"),
        Column("hsts", Type.TEXT, "Strict-Transport-Security of the server; NULL: it adds none"),
        Column("only_redirects", Type.BOOLEAN, "it does nothing but lead to an https:// address"),
        Column("shows_version", Type.BOOLEAN, "server_tokens is not off"),
        Column("keeps_access_log", Type.BOOLEAN, "access_log is not off"),
    ),
)
_OLD = frozenset({"SSLv2", "SSLv3", "TLSv1", "TLSv1.1"})
_STRICT = "strict-transport-security"
_MOVED = ("301", "302", "303", "307", "308")
_HTTP = 80
_HEADER = 2


@dataclass(frozen=True, slots=True)
class Listening:
    """One server at one of its addresses: columns of a row, and where its block begins."""

    values: dict[str, Any]
    at: int


def servers_of(whole: Sequence[Directive]) -> Iterator[Listening]:
    """Yield every server of the blocks `http`, once for each address on which it listens."""
    for http in whole:
        if http.name == "http":
            for server in http.block or ():
                if server.name == "server" and server.block is not None:
                    yield from _server(server, server.block, http.block or [])


def _server(
    server: Directive, block: Sequence[Directive], http: Sequence[Directive]
) -> Iterator[Listening]:
    protocols = _in_force("ssl_protocols", block, http)
    ciphers = _in_force("ssl_ciphers", block, http)
    tokens = _in_force("server_tokens", block, http)
    logs = _in_force("access_log", block, http)
    names = [name for each in block if each.name == "server_name" for name in each.arguments]
    # `ssl on` was how older releases turned it on for every address.
    is_on = _in_force("ssl", block, http) == ("on",)
    values = {
        "names": said(" ".join(name for name in names if name), most=2_000),
        "protocols": said(" ".join(protocols)) if protocols else None,
        "ciphers": said(" ".join(ciphers), most=2_000) if ciphers else None,
        "hsts": said(_strict(block, http)),
        "only_redirects": _redirects(block),
        "shows_version": tokens != ("off",),
        "keeps_access_log": logs is None or logs[:1] != ("off",),
    }
    listens = [each.arguments for each in block if each.name == "listen" and each.arguments]
    for arguments in listens or [("80",)]:
        port, is_public = _address(arguments[0])
        is_encrypted = is_on or "ssl" in arguments or "quic" in arguments
        is_named = is_encrypted and protocols is not None
        own = {
            "listen": said(arguments[0]),
            "port": port,
            "is_public": is_public,
            "is_encrypted": is_encrypted,
            "accepts_old": bool(_OLD & set(protocols or ())) if is_named else None,
        }
        yield Listening({**values, **own}, server.at)


def _in_force(
    name: str, block: Sequence[Directive], http: Sequence[Directive]
) -> tuple[str, ...] | None:
    """Return the arguments of a directive: the server's own, else those of all."""
    for directives in (block, http):
        for each in directives:
            if each.name == name:
                return each.arguments
    return None


def _strict(block: Sequence[Directive], http: Sequence[Directive]) -> str | None:
    """Return the header: a server that adds any header has none of those of all."""
    for directives in (block, http):
        added = [each.arguments for each in directives if each.name == "add_header"]
        if added:
            return next(
                (each[1] for each in added if len(each) >= _HEADER and each[0].lower() == _STRICT),
                None,
            )
    return None


def _redirects(block: Sequence[Directive]) -> bool:
    """Return whether each request of a server is led to TLS, whichever place it is for."""
    if any(_leads_on(each) for each in block):
        return True
    places = [each.block or [] for each in block if each.name == "location"]
    return bool(places) and all(any(_leads_on(each) for each in place) for place in places)


def _leads_on(each: Directive) -> bool:
    status, *target = each.arguments or ("",)
    return (
        each.name == "return"
        and status in _MOVED
        and bool(target)
        and target[0].lower().startswith("https://")
    )


def _address(text: str) -> tuple[int | None, bool]:
    """Return the port of an address, and whether others reach it.

    >>> _address("[::]:443"), _address("127.0.0.1:80"), _address("8080"), _address("unix:/run/x")
    ((443, True), (80, False), (8080, True), (None, False))
    """
    if text.startswith("unix:"):
        return None, False
    if text.isdigit():
        return int(text[:6]), True
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]") or not port.isdigit():
        host, port = text, str(_HTTP)
    host = host.strip("[]")
    return int(port[:6]), not (host.startswith("127.") or host in ("::1", "localhost"))
