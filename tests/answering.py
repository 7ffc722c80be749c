"""A real HTTP server on this machine that answers as a test says."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any


@dataclass
class Said:
    """One answer: status, headers, body; `raw` is sent instead of all of it."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass
class Server:
    """Where it listens, and what was asked: method, path, headers, body.

    `callers` holds the name in the certificate of each caller; empty for those who showed none.
    """

    address: str
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    callers: list[str] = field(default_factory=list)


class _Listening(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of callers that hung up: that is a case, and no error."""


@contextmanager
def answering(
    answer: Callable[[str, int], Said], *, context: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """Serve until the block ends.

    Args:
        answer: path with its query, and the number of the request from 1 -> what is said.
        context: for HTTPS; without one, HTTP is spoken.
    """
    server: Server

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1" if context else "HTTP/1.0"  # a handshake takes its time

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.callers.append(_caller(self.connection))
            server.asked.append((self.command, self.path, headers, body))
            said = answer(self.path, len(server.asked))
            if said.raw is not None:
                self.wfile.write(said.raw)
                return
            content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(content)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _Listening(("127.0.0.1", 0), Handler) as listening:
        if context:
            listening.socket = context.wrap_socket(listening.socket, server_side=True)
        scheme = "https" if context else "http"
        server = Server(f"{scheme}://127.0.0.1:{listening.server_address[1]}")
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()


def _caller(connection: socket) -> str:
    """Return the common name in the certificate that a caller showed."""
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    subject: Any = (shown or {}).get("subject", ())
    names = {name: value for part in subject for name, value in part}
    return str(names.get("commonName", ""))
