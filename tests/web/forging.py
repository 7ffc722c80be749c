"""A small OpenID provider in the process of the tests, that can forge each part of its answer."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

CLIENT = "reperform"
SUB = "248289761001"
ADDRESS = "employee@larkspur.example"


@cache
def key(kind: str) -> Any:  # noqa: ANN401 - a private key of any kind
    """Return a key by what it is for; it is made once."""
    match kind.split():
        case ["EC", *_]:
            return ec.generate_private_key(ec.SECP256R1())
        case ["P-384"]:
            return ec.generate_private_key(ec.SECP384R1())
        case ["Ed25519"]:
            return ed25519.Ed25519PrivateKey.generate()
        case ["weak"]:
            return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(kind: str, **facts: object) -> dict[str, object]:
    """Return a key as a provider publishes it."""
    public = key(kind).public_key()
    made: Any = {"E": ECAlgorithm, "P": ECAlgorithm, "R": RSAAlgorithm, "w": RSAAlgorithm}.get(
        "Ed" if kind == "Ed25519" else kind[0], OKPAlgorithm
    )
    return {"kid": kind, "use": "sig", **made.to_jwk(public, as_dict=True), **facts}


@dataclass
class Said:
    """What the provider says at its next answer, and what it was asked.

    Attributes:
        claims: changes of the token's claims; None leaves one out.
        token: signs claims and header; the default signs as it should.
        keys: what is published.
        userinfo: what is told besides.
        challenge: of the question, as the browser brought it.
        asked: the paths that were called.
        given: the tokens that were given out.
    """

    claims: dict[str, object] = field(default_factory=dict)
    token: Callable[[dict[str, Any]], str | None] = field(
        default=lambda claims: jwt.encode(claims, key("EC"), "ES256", {"kid": "EC"})
    )
    keys: list[dict[str, object]] = field(
        default_factory=lambda: [published("EC"), published("RSA")]
    )
    userinfo: dict[str, object] = field(default_factory=dict)
    nonce: str = ""
    challenge: str = ""
    asked: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)


class Forger:
    """The provider: `said` is what a test decides."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"
        self.said = Said()

    def answer(self, path: str, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        self.said.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._discovery()
            case "/jwks":
                return 200, {"keys": self.said.keys}
            case "/token":
                return self._token(form)
            case "/userinfo":
                told = {"sub": SUB, "email": ADDRESS, "email_verified": True}
                return 200, told | self.said.userinfo
        return 404, {}

    def _discovery(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
        }

    def _token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, object]]:
        digest = hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.said.challenge:
            return 400, {"error": "invalid_grant"}
        at = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer, "sub": SUB, "aud": CLIENT, "nonce": self.said.nonce,
            "iat": at, "exp": at + 300,
        }  # fmt: skip
        changed = {
            name: value(claims) if callable(value) else value
            for name, value in self.said.claims.items()
        }
        kept = {name: value for name, value in (claims | changed).items() if value is not None}
        made = self.said.token(kept)
        self.said.given.append(str(made))
        answer: dict[str, object] = {"access_token": "an access token", "token_type": "Bearer"}
        return 200, answer | ({} if made is None else {"id_token": made})


@contextmanager
def forging_provider() -> Iterator[Forger]:
    """Run the provider."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            form = parse_qs(self.rfile.read(length).decode())
            status, said = forger.answer(urlsplit(self.path).path, form)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        forger = Forger(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield forger
        server.shutdown()
        thread.join()
