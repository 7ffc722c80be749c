"""A client of one source: its credentials go to one origin, and its answers are whole."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, SSLError

from reperform.connectors.calls.messages import CallFailedError, Reply, Request, origin, words
from reperform.connectors.calls.opening import Identity, opened
from reperform.connectors.calls.waiting import asked_to_wait, backoff, said_at
from reperform.connectors.settings import HIDDEN, Access

_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_MOVES = 5
_CHUNK = 1 << 16
_AGENT = "reperform"
_EMPTY = frozenset({204, 304})
_UNAUTHORIZED = 401


class Renewed(Protocol):
    """Credentials that end and are renewed."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must be in no text."""

    def headers(self) -> Mapping[str, str]:
        """Return the headers that are secret, good for now."""

    def renew(self) -> None:
        """Get others: the source takes these no longer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, how often and how long.

    Attributes:
        page: bytes of one answer, unpacked.
        total: bytes of all answers of a client.
        pages: of one question.
        attempts: at one request.
        longest_wait: seconds that a source may ask for at once: a limit by the hour fits.
        all_waits: seconds of all waits of a client.
        silence: seconds to wait for a connection, or for the next bytes.
    """

    page: int = 64 << 20
    total: int = 8 << 30
    pages: int = 100_000
    attempts: int = 6
    longest_wait: float = 3_700
    all_waits: float = 7_400
    silence: float = 60


class Client:
    """Calls one source."""

    def __init__(
        self,
        base: str,
        *,
        access: Access,
        credentials: Mapping[str, str] | Renewed | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        roots: str = "",
        identity: Identity | None = None,
    ) -> None:
        """Prepare to call; nothing is called yet.

        Args:
            base: address that paths are below.
            access: whose secrets are taken out of every text, and whose `wait` is used.
            credentials: headers that are secret, see `bearer` and `basic`; or tokens that are
                renewed, see `Tokens`.
            headers: others that every request has.
            limits: see `Limits`.
            roots: certificates (PEM) to trust besides this machine's.
            identity: shown to a server that asks who calls.

        Raises:
            CallFailedError: credentials would travel in clear, or a certificate cannot be read.
        """
        self.limits = limits or Limits()
        self._base, self._access = base, access
        self._origin = origin(base)
        self._fixed: dict[str, str] = {}
        self._renewed: Renewed | None = None
        if isinstance(credentials, Mapping):
            self._fixed = dict(credentials)
        else:
            self._renewed = credentials
        self._headers = {"Accept": "application/json", **(headers or {})}
        seconds, private = self.limits.silence, access.private
        self._pool = opened(roots=roots, seconds=seconds, private=private, identity=identity)
        self._taken, self._waited = 0, 0.0
        if credentials:
            self.refuse_clear()

    def refuse_clear(self) -> None:
        """Refuse to send secrets to an address that is not encrypted.

        Raises:
            CallFailedError: credentials would travel in clear.
        """
        if self._origin[0] != "https" and not _is_here(self._origin[1]):
            raise CallFailedError(
                f"{self._base} was not called: credentials would travel in clear",
                why="Whoever is on the way could read the source as we can.",
                todo="give its https:// address",
            )

    def get(self, path: str, **query: str) -> Reply:
        """Ask with GET, see `call`."""
        return self.call(Request(path, tuple(query.items())))

    def call(self, request: Request) -> Reply:
        """Ask, and return the whole answer, also one by which the source refuses.

        Waits as the source asks, and asks again, within the limits.

        Raises:
            CallFailedError: it does not answer, not to the end, too much, or from elsewhere.
        """
        url = request.url(self._base)
        for _ in range(_MOST_MOVES):
            self._refuse_elsewhere(url)
            reply = self._patiently(request, url)
            if reply.status not in _MOVED or "location" not in reply.headers:
                return reply
            url = urljoin(url, reply.headers["location"])
        raise CallFailedError(f"{self.hide(url)} leads on and on")

    def hide(self, text: str) -> str:
        """Return `text` without the secrets that this client knows."""
        held = self._renewed.secrets if self._renewed else ()
        for value in (*self._fixed.values(), *held):
            for part in (value, value.rpartition(" ")[2]):
                text = text.replace(part, HIDDEN) if part else text
        return self._access.hide(text)

    def _refuse_elsewhere(self, url: str) -> None:
        try:
            where = origin(url)
        except ValueError:
            where = ("", "", 0)
        if where != self._origin:
            raise CallFailedError(
                f"{self.hide(url)[:200]} was not called: it is not at {self._base}",
                why="Credentials for one host would be shown to another.",
                todo="give the address that the source really has",
            )

    def _patiently(self, request: Request, url: str) -> Reply:
        asked = self._asked(request, url)
        failure = ""
        is_renewed = False
        for attempt in range(1, self.limits.attempts + 1):
            try:
                reply = self._once(request, url, asked)
            except SSLError as error:
                raise CallFailedError(f"{_first(asked)}: {self._words(error)}") from error
            except (HTTPError, OSError) as error:
                failure, wait = self._words(error), backoff(attempt)
            else:
                now = said_at(reply.headers) or datetime.now(UTC)
                found = asked_to_wait(
                    reply.status, reply.headers, attempt=attempt, now=now, told=reply.told
                )
                is_ended = reply.status == _UNAUTHORIZED and not is_renewed
                if self._renewed and is_ended:
                    self._renewed.renew()
                    is_renewed, failure = True, reply.told
                    continue
                if found is None:
                    return reply
                failure, wait = reply.told, found
            if attempt < self.limits.attempts:
                self._wait(wait, asked, failure)
        raise CallFailedError(f"{_first(asked)}: {failure}, {self.limits.attempts} times")

    def _wait(self, seconds: float, asked: str, failure: str) -> None:
        self._waited += seconds
        if seconds > self.limits.longest_wait or self._waited > self.limits.all_waits:
            raise CallFailedError(
                f"{_first(asked)}: {failure}; it asks to wait {seconds:,.0f} seconds",
                why="A source that is asked more than it allows gives nobody an answer.",
                todo="collect again later, or less often",
            )
        self._access.wait(seconds)

    def _once(self, request: Request, url: str, asked: str) -> Reply:
        content = request.content()
        headers = {
            "User-Agent": _AGENT,
            "Accept-Encoding": "gzip",
            **self._headers,
            **request.headers,
            **({"Content-Type": request.kind} if content is not None else {}),
            **(self._renewed.headers() if self._renewed else self._fixed),
        }
        response = self._pool.request(
            request.method,
            url,
            body=content,
            headers=headers,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            said = {name.lower(): value for name, value in response.headers.items()}
            body = self._body(response, said, asked)
        finally:
            response.release_conn()
        is_good = 200 <= response.status < 300  # noqa: PLR2004 - RFC 9110, 15.3
        reply = Reply(
            status=response.status,
            headers=said,
            body=body,
            asked=asked,
            url=url,
            told="" if is_good else self.hide(words(response.status, body)),
        )
        is_framed = "content-length" in said or "chunked" in said.get("transfer-encoding", "")
        if is_good and not is_framed and response.status not in _EMPTY:
            reply.json()  # nothing else would show that it was cut off
        return reply

    def _body(self, response: BaseHTTPResponse, said: Mapping[str, str], asked: str) -> bytes:
        encoding = said.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", ""):
            raise CallFailedError(f"{_first(asked)}: the answer is packed as {encoding[:20]}")
        unpack = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
        parts: list[bytes] = []
        size = 0
        for chunk in response.stream(_CHUNK, decode_content=False):
            try:
                part = unpack.decompress(chunk, self.limits.page + 1) if unpack else chunk
            except zlib.error as error:
                raise CallFailedError(f"{_first(asked)}: the answer cannot be unpacked") from error
            size += len(part)
            self._taken += len(part)
            if size > self.limits.page or self._taken > self.limits.total:
                most = self.limits.page if size > self.limits.page else self.limits.total
                raise CallFailedError(f"{_first(asked)}: the answer is larger than {most:,} bytes")
            parts.append(part)
        if unpack and parts and (not unpack.eof or unpack.unused_data):
            raise CallFailedError(
                f"{_first(asked)}: the answer was cut off, or something was added to it"
            )
        return b"".join(parts)

    def _asked(self, request: Request, url: str) -> str:
        named = {**self._headers, **request.headers}
        told = [f"{request.method} {url}", *(f"{name}: {named[name]}" for name in sorted(named))]
        content = None if request.form else request.content()
        return self.hide("\n".join([*told, *([content.decode()] if content else [])]))

    def _words(self, error: Exception) -> str:
        return self.hide(" ".join(str(error).split()))[:300] or type(error).__name__


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _first(asked: str) -> str:
    """Return the line that says what was asked, without the headers."""
    return asked.partition("\n")[0]
