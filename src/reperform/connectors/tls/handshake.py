"""Shaking hands with an endpoint: what it negotiates, what it presents, what it still accepts."""

import socket
import ssl
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, NotCollectedError
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.settings import Networks

SECONDS = 10
_PROTOCOLS = {
    "TLSv1": ssl.TLSVersion.TLSv1,
    "TLSv1.1": ssl.TLSVersion.TLSv1_1,
    "TLSv1.2": ssl.TLSVersion.TLSv1_2,
    "TLSv1.3": ssl.TLSVersion.TLSv1_3,
}
_OLD = ("TLSv1", "TLSv1.1")
# OpenSSL refuses old protocols by itself at its default level; to learn whether the other side
# accepts them, ours must offer them.
_OFFER_OLD = "ALL:@SECLEVEL=0"


class EndpointError(NotCollectedError):
    """The name is not an endpoint, or nothing there shakes hands."""

    slug = "endpoint"


class Endpoint(NamedTuple):
    """A host name or address, and a port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "Endpoint":
        """Return the endpoint that `text` names.

        Raises:
            EndpointError: it is not HOST:PORT; an IPv6 address stands in brackets.

        >>> Endpoint.parse("[::1]:443")
        Endpoint(host='::1', port=443)
        """
        host, _, port = text.rpartition(":")
        host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        is_port = port.isascii() and port.isdigit() and 0 < int(port[:6]) < 1 << 16
        if not host or not is_port or any(c in host for c in "/@ \t\n[]"):
            raise EndpointError(
                f"{text!r} was not looked at: it is not HOST:PORT",
                why="Without host and port there is nothing to shake hands with.",
                todo="write it as example.org:443, an IPv6 address in brackets",
            )
        return cls(host, int(port))


def ask(text: str, observed_at: str, private: Networks | None = None) -> Iterator[Answer]:
    """Yield the handshake, and one attempt for each protocol, as JSON documents.

    Raises:
        CallFailedError: it leads where the installation lets no connection go.
        EndpointError: nothing answers there, or it does not speak TLS.
    """
    endpoint = Endpoint.parse(text)
    if private is not None:
        refuse_host(endpoint.host, private)
    shaken = _shake(text, endpoint)
    facts = {"endpoint": text, "observed_at": observed_at, **shaken}
    asked = f"TLS handshake with {text}, this machine's roots"
    yield Answer("handshake", asked, [canonical_json(facts)])
    for name, version in _PROTOCOLS.items():
        said = {"endpoint": text, "observed_at": observed_at, "protocol": name}
        said |= _try(endpoint, version)
        yield Answer(f"protocol {name}", f"{name} only, with {text}", [canonical_json(said)])


def _connect(endpoint: Endpoint, context: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection(endpoint, timeout=SECONDS)
    try:
        return context.wrap_socket(plain, server_hostname=endpoint.host)
    except BaseException:
        plain.close()
        raise


def _shake(text: str, endpoint: Endpoint) -> dict[str, Any]:
    """Take whatever is presented, then verify it on its own: a bad certificate is evidence too."""
    accepting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    accepting.check_hostname = False
    accepting.verify_mode = ssl.CERT_NONE
    _offer_old(accepting)
    try:
        with _connect(endpoint, accepting) as shaken:
            cipher = shaken.cipher()
            certificate = shaken.getpeercert(binary_form=True)
            found = {
                "protocol": shaken.version(),
                "cipher": cipher[0] if cipher else None,
                "certificate": certificate.hex() if certificate else None,
            }
    except OSError as error:
        raise EndpointError(
            f"{text} was not looked at: {_words(error)}",
            why="An endpoint that nobody looked at must not pass for one that was.",
            todo="check the name, the port and the way there, then run again",
        ) from error
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    naming = ssl.create_default_context()
    if found["protocol"] in _OLD:  # the certificate is judged all the same, not the protocol again
        _offer_old(trusting)
        _offer_old(naming)
    return found | {"trust": _verdict(endpoint, trusting), "name": _verdict(endpoint, naming)}


def _offer_old(context: ssl.SSLContext) -> None:
    """Let `context` shake hands with an endpoint that speaks nothing newer than TLS 1.0."""
    context.set_ciphers(_OFFER_OLD)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED


def _verdict(endpoint: Endpoint, context: ssl.SSLContext) -> str:
    """Return an empty text when the certificate verifies, else why it does not."""
    try:
        with _connect(endpoint, context):
            return ""
    except OSError as error:
        return _words(error)


def _try(endpoint: Endpoint, version: ssl.TLSVersion) -> dict[str, Any]:
    """Return whether the endpoint accepts one protocol; None when ours cannot offer it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        context.set_ciphers(_OFFER_OLD)
        with warnings.catch_warnings():
            # Python warns of old protocols; here they are what is asked about.
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
        with _connect(endpoint, context):
            return {"is_accepted": True, "error": ""}
    except ValueError as error:
        return {"is_accepted": None, "error": _words(error)}
    except ssl.SSLError as error:
        cannot = "NO_PROTOCOLS_AVAILABLE" in str(error) or "UNSUPPORTED" in str(error)
        return {"is_accepted": None if cannot else False, "error": _words(error)}
    except (ConnectionResetError, BrokenPipeError) as error:
        # Some servers hang up instead of sending an alert.
        return {"is_accepted": False, "error": _words(error)}
    except OSError as error:
        return {"is_accepted": None, "error": _words(error)}


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
