"""Requests and replies as values."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import quote, urlencode, urljoin, urlsplit

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import NotCollectedError

_SAID = 300
_TOLD = ("message", "error_description", "errorSummary", "detail", "error")
"""Where the errors of most APIs say in words what is wrong."""
Origin = tuple[str, str, int]
"""Scheme, host, port.  Source: RFC 6454."""


class CallFailedError(NotCollectedError):
    """A source was not asked over HTTP, or did not answer to the end."""

    slug = "call-failed"

    def __init__(self, what: str, *, why: str = "", todo: str = "", status: int = 0) -> None:
        """Say what failed; why it matters is the same nearly always.

        Args:
            what: as `RefusalError`.
            why: as `RefusalError`.
            todo: as `RefusalError`.
            status: of the answer by which the source refused; 0 when it did not answer so.
        """
        self.status = status
        super().__init__(
            what,
            why=why or "Half an answer would pass for a whole one.",
            todo=todo or "check the connection's settings and the source, then collect again",
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        path: below the client's address, or a whole URL of the same origin.
        query: names and values, in order.
        method: GET, or POST for sources that are asked so.
        body: JSON value that is sent; None for nothing.
        form: names and values that are sent as a form instead; never with a body.
        headers: that are no secret, such as `Accept`.
    """

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    body: Any = None
    form: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_query(self, **values: str) -> Self:
        """Return the same request with these parameters set."""
        kept = tuple(each for each in self.query if each[0] not in values)
        return replace(self, query=(*kept, *values.items()))

    def url(self, base: str) -> str:
        """Return the whole address, below `base`."""
        joined = urljoin(f"{base.rstrip('/')}/", self.path.lstrip("/"))
        if "://" in self.path:
            joined = self.path
        parts = urlsplit(joined)
        query = "&".join(filter(None, [parts.query, urlencode(self.query, quote_via=quote)]))
        return parts._replace(query=query, fragment="").geturl()

    def content(self) -> bytes | None:
        """Return the body's bytes."""
        if self.form:
            return urlencode(self.form).encode()
        return None if self.body is None else canonical_json(self.body)

    @property
    def kind(self) -> str:
        """The media type of the body's bytes."""
        return "application/x-www-form-urlencoded" if self.form else "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status: of HTTP.
        headers: by lower-case name.
        body: as it came, unpacked where it was sent packed.
        asked: the exact request, without its secrets.
        url: the whole address that answered.
        told: the source's words when it refused, without secrets.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    asked: str
    url: str
    told: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the source answered the question."""
        return 200 <= self.status < 300  # noqa: PLR2004 - RFC 9110, 15.3

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Return the body read as JSON.

        Raises:
            CallFailedError: it is not JSON, or only the first half of it.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise CallFailedError(f"{self.url}: the answer is not whole JSON") from error


def words(status: int, body: bytes) -> str:
    """Return what a source says of an error, in one line."""
    said = body.decode("utf-8", errors="replace")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        told = [found[name] for name in _TOLD if isinstance(found.get(name), str)]
        inner = found.get("error")
        if isinstance(inner, dict):
            named = (inner.get("code"), inner.get("message"))
            told += [each for each in named if isinstance(each, str)]
        told += _listed(found)
        said = "; ".join(told) or said
    shown = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return f"{status} {shown[:_SAID]}".strip()


def _listed(found: dict[str, Any]) -> list[str]:
    """Return the messages of a list of errors, as Jira and GraphQL give them."""
    told = found.get("errorMessages")
    listed = list(told) if isinstance(told, list) else []
    errors = found.get("errors")
    for each in errors if isinstance(errors, list) else []:
        extensions = each.get("extensions") if isinstance(each, dict) else None
        code = extensions.get("code") if isinstance(extensions, dict) else None
        listed += [code, each.get("message")] if isinstance(each, dict) else [each]
    return [each for each in listed if isinstance(each, str)]


def origin(url: str) -> Origin:
    """Return the origin of a URL.

    >>> origin("https://Example.org/a")
    ('https', 'example.org', 443)
    """
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


def bearer(token: str) -> dict[str, str]:
    """Return the header of RFC 6750."""
    return {"Authorization": f"Bearer {token}"}


def basic(user: str, password: str) -> dict[str, str]:
    """Return the header of RFC 7617."""
    encoded = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}
