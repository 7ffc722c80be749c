"""Endpoints as they are met: real servers on this machine, good, old, mute and no TLS at all."""

import json
import socket
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reperform.connectors.tls import handshake
from reperform.connectors.tls.handshake import EndpointError, ask

pytestmark = pytest.mark.enable_socket

Serve = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that starts a server and gives its HOST:PORT; all stop at the end."""
    listeners: list[socket.socket] = []

    def start(answer: Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    answer(connection)

        threading.Thread(target=accept, daemon=True).start()
        return f"localhost:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def certified(folder: Path) -> ssl.SSLContext:
    """Return a server's context with a certificate for localhost that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = folder / "both.pem"
    both.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


def shaking(context: ssl.SSLContext) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as shaken:
                shaken.recv(1)
        except OSError:  # the other side refused: that is its answer
            return

    return answer


def asked(endpoint: str) -> dict[str, dict[str, Any]]:
    answers = ask(endpoint, "2026-08-01 12:00:00")
    return {answer.name: json.loads(b"".join(answer.body)) for answer in answers}


def accepted(said: dict[str, dict[str, Any]]) -> set[str]:
    return {each["protocol"] for each in said.values() if each.get("is_accepted")}


def test_a_self_signed_endpoint_is_evidence_and_is_not_trusted(
    serve: Serve, tmp_path: Path
) -> None:
    """The handshake is complete; the chain is what fails."""
    said = asked(serve(shaking(certified(tmp_path))))

    assert said["handshake"]["protocol"] == "TLSv1.3"
    assert "self-signed" in said["handshake"]["trust"]
    assert {"TLSv1.2", "TLSv1.3"} <= accepted(said)


def test_an_endpoint_that_speaks_only_tls_1_0_is_looked_at(serve: Serve, tmp_path: Path) -> None:
    """It is the worst of all, so it must not come out as one that nobody could test."""
    context = certified(tmp_path)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1

    said = asked(serve(shaking(context)))

    assert said["handshake"]["protocol"] == "TLSv1"
    assert "self-signed" in said["handshake"]["trust"]
    assert accepted(said) == {"TLSv1"}


def test_a_server_without_tls_is_refused(serve: Serve) -> None:
    """A greeting in plain text is no handshake."""
    endpoint = serve(lambda connection: connection.sendall(b"220 hello\r\n"))

    with pytest.raises(EndpointError, match="was not looked at"):
        asked(endpoint)


def test_a_server_that_never_answers_is_given_up(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the connection and says nothing."""
    monkeypatch.setattr(handshake, "SECONDS", 0.2)
    done = threading.Event()

    def wait(_: socket.socket) -> None:
        done.wait(5)

    with pytest.raises(EndpointError, match="timed out"):
        asked(serve(wait))
    done.set()
