"""tls/headers: what web addresses say with their answers, as anybody can ask them."""

import http.client
import re
import ssl
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from reperform.base.canonical import canonical_json
from reperform.base.table import Column, Cover, Kind, TableSpec, Type
from reperform.connectors.answer import Answer, Kept, Row, Source
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.kept import json_of, said
from reperform.connectors.settings import Networks
from reperform.connectors.tls.handshake import SECONDS, EndpointError

STREAM = "tls/headers"
HEADERS = TableSpec(
    "tls.headers",
    Kind.STATE,
    (
        Column("address", Type.TEXT, "as named by the user"),
        Column("observed_at", Type.TIMESTAMP, "when it was asked"),
        Column("is_encrypted", Type.BOOLEAN, "it was asked over TLS"),
        Column("status", Type.INTEGER, "of the answer"),
        Column("leads_to", Type.TEXT, "address to which it sends on; NULL: it does not"),
        Column("hsts_seconds", Type.INTEGER, "how long browsers keep to TLS; NULL: not said"),
        Column("hsts_subdomains", Type.BOOLEAN, "its subdomains too; NULL: nothing is said"),
        Column("content_policy", Type.TEXT, "Content-Security-Policy; NULL: none"),
        Column("type_options", Type.TEXT, "X-Content-Type-Options; NULL: none"),
        Column("frame_options", Type.TEXT, "X-Frame-Options; NULL: none"),
        Column("referrer_policy", Type.TEXT, "Referrer-Policy; NULL: none"),
        Column("server", Type.TEXT, "what the server says it is; NULL: nothing"),
    ),
)
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_SAID = 2_000
_AGE = re.compile(r"max-age=\"?(\d{1,18})\"?")
_TEXTS = {
    "content_policy": "content-security-policy",
    "type_options": "x-content-type-options",
    "frame_options": "x-frame-options",
    "referrer_policy": "referrer-policy",
    "server": "server",
}


def flaw(addresses: Sequence[str]) -> str:
    """Return what is wrong with a list of addresses; empty when nothing is."""
    for text in addresses:
        try:
            _parts(text)
        except ValueError:
            return f"{text[:60]!r} is no https:// or http:// address"
    return ""


def _parts(text: str) -> SplitResult:
    parts = urlsplit(text)
    is_plain = text.isascii() and text.isprintable() and " " not in text and "@" not in parts.netloc
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or not is_plain
        or parts.port == 0
    ):
        raise ValueError(text)
    return parts


def ask(address: str, private: Networks | None = None) -> Iterator[Answer]:
    """Yield status and headers of one answer; nothing is followed, and its content is not read.

    Whatever certificate is presented is taken: whether it is good, `tls/endpoint` says.

    Raises:
        CallFailedError: it leads where the installation lets no connection go.
        EndpointError: nothing answers there as a web server does.
    """
    parts = _parts(address)
    host, path = str(parts.hostname), (parts.path or "/") + (f"?{parts.query}" * bool(parts.query))
    if private is not None:
        refuse_host(host, private)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, parts.port, timeout=SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"User-Agent": "reperform", "Accept": "*/*"})
        reply = connection.getresponse()
        headers = [[name.lower(), value] for name, value in reply.getheaders()]
        facts = {"address": address, "at": now, "status": reply.status, "headers": headers}
    except (OSError, http.client.HTTPException) as error:
        words = " ".join(str(error).split())[:300] or type(error).__name__
        raise EndpointError(
            f"{address} was not looked at: {words}",
            why="An address that nobody looked at must not pass for one that was.",
            todo="check the address and the way there, then run again",
        ) from error
    finally:
        connection.close()
    yield Answer(
        "headers", f"GET {address}, not followed: status and headers", [canonical_json(facts)]
    )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield the row of an address."""
    for kept in answers:
        facts = json_of(kept) if kept.blob and kept.name == "headers" else None
        if isinstance(facts, dict):
            yield Row(HEADERS.name, _values(facts), kept.blob, 0)


def _values(facts: dict[str, Any]) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in facts["headers"]:
        headers.setdefault(name, []).append(value)
    address, status = str(facts["address"]), facts["status"]
    is_encrypted = address.startswith("https:")
    # RFC 6797, 8.1: of several the first counts, and none of an answer in clear does.
    strict = headers.get("strict-transport-security", [""])[0] if is_encrypted else ""
    parts = [part.strip().lower() for part in strict.split(";")]
    ages = [found for part in parts if (found := _AGE.fullmatch(part))]
    location = headers.get("location", [""])[0] if status in _MOVED else ""
    texts = {
        column: said(", ".join(headers.get(name, ())), most=_MOST_SAID)
        for column, name in _TEXTS.items()
    }
    return {
        "address": said(address),
        "observed_at": facts["at"],
        "is_encrypted": is_encrypted,
        "status": status,
        "leads_to": said(_joined(address, location)),
        "hsts_seconds": int(ages[0][1]) if len(ages) == 1 else None,
        "hsts_subdomains": "includesubdomains" in parts if ages else None,
        **texts,
    }


def _joined(address: str, location: str) -> str | None:
    try:
        return urljoin(address, location) if location else None
    except ValueError:
        return location


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking: an answer says nothing of other days."""
    today = started_at.astimezone(UTC).date()
    is_said = any(each.blob and each.name == "headers" for each in answers)
    cover = Cover(today, today) if is_said else Cover(None, None, "it did not answer")
    return {HEADERS.name: cover}


SOURCE = Source(
    STREAM,
    (HEADERS,),
    shape,
    covers,
    blind=(
        "other addresses of the same server, and what it says to others or when one is signed in; "
        "whether the one who answers is who the certificate names"
    ),
)
