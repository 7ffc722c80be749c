"""Posting something to an address that somebody named: once, whole or not, and nowhere else.

Nothing is kept of the answer but its status and its first words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from urllib3.exceptions import HTTPError

from reperform.connectors.calls.messages import CallFailedError, words
from reperform.connectors.calls.opening import opened
from reperform.connectors.calls.waiting import asked_to_wait, said_at
from reperform.connectors.settings import Networks

_READ = 2_000
_LONGEST_URL = 2_000


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it.

    Attributes:
        status: of HTTP; 0 when there was no answer.
        told: why it was not taken, in one line; empty when it was.
        wait: seconds that the receiver asks us to wait; None when it asks nothing.
    """

    status: int
    told: str
    wait: float | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver took it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3


def address_flaw(url: str) -> str:
    """Return why something cannot be posted to an address; empty when it can.

    >>> address_flaw("https://hooks.example.com/T1"), address_flaw("http://hooks.example.com/")
    ('', 'is not encrypted: it must begin with https://')
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "is no address"
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return "is no address: it is too long, or has characters that none has"
    if not host or parts.username is not None or parts.fragment:
        return "has no host, or has credentials or a fragment in it"
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)):
        return ""
    return "is not encrypted: it must begin with https://"


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    private: Networks | None,
    seconds: float,
) -> Posted:
    """Post once; no redirect is followed, no proxy of the environment used.

    Args:
        url: without a flaw, see `address_flaw`.
        body: JSON.
        headers: besides the content type.
        private: networks that may be called although they are not public; None for all.
        seconds: to wait for a connection, and for the next bytes.
    """
    pool = opened(roots="", seconds=seconds, private=private)
    said = {"Content-Type": "application/json", "User-Agent": "reperform", **headers}
    try:
        response = pool.request(
            "POST", url, body=body, headers=said, redirect=False, preload_content=False
        )
        try:
            start = response.read(_READ, decode_content=False)
            given = {name.lower(): value for name, value in response.headers.items()}
            status = response.status
        finally:
            response.close()
    except CallFailedError as refused:
        return Posted(0, refused.what)
    except (HTTPError, OSError) as error:
        return Posted(0, f"no answer: {type(error).__name__}")
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, 15.3
        return Posted(status, "")
    now = said_at(given) or datetime.now(UTC)
    wait = asked_to_wait(status, given, attempt=1, now=now) if "retry-after" in given else None
    return Posted(status, words(status, start), wait)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
