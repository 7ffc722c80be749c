"""tls: named endpoints, as a handshake from this machine shows them, and what addresses answer.

Connections are opened to the endpoints and addresses that the user names, and to no others.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.contract import Asking, Check, Connector, Stream
from reperform.connectors.settings import Access, Networks, Setting, SettingKind
from reperform.connectors.tls import headers
from reperform.connectors.tls.handshake import Endpoint, EndpointError, ask
from reperform.connectors.tls.shape import covers, shape
from reperform.connectors.tls.tables import TABLES

STREAM = "tls/endpoint"

SOURCE = Source(
    stream=STREAM,
    tables=TABLES,
    shape=shape,
    covers=covers,
    blind=(
        "other addresses behind the same name; other moments; protocols that this machine's "
        "OpenSSL cannot offer; revocation"
    ),
)


def question(endpoint: str, private: Networks | None = None) -> Question:
    """Return the question for one endpoint, HOST:PORT.

    Raises:
        EndpointError: it is not HOST:PORT.
    """
    Endpoint.parse(endpoint)

    def asked() -> Iterator[Answer]:
        yield from ask(endpoint, datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"), private)

    return Question(stream=STREAM, target=endpoint, ask=asked)


def _endpoint_flaw(said: Sequence[str]) -> str:
    for endpoint in said:
        try:
            Endpoint.parse(endpoint)
        except EndpointError:
            return f"{endpoint[:60]!r} is not HOST:PORT"
    return ""


def _questions(access: Access, _: Asking) -> list[Question]:
    shaken = [question(endpoint, access.private) for endpoint in access.lines("endpoints")]
    asked = [
        Question(headers.STREAM, address, partial(headers.ask, address, access.private))
        for address in access.lines("addresses")
    ]
    return shaken + asked


def _check(access: Access) -> Check:
    """Shake hands with each endpoint once, and say what is presented."""
    shaken = []
    for endpoint in access.lines("endpoints"):
        answer = next(ask(endpoint, "", access.private))
        said = json.loads(b"".join(answer.body))
        shaken.append(f"{endpoint} speaks {said['protocol']}")
    for address in access.lines("addresses"):
        answer = next(headers.ask(address, access.private))
        shaken.append(f"{address} answers {json.loads(b''.join(answer.body))['status']}")
    return Check("; ".join(shaken))


CONNECTOR = Connector(
    name="tls",
    title="TLS endpoints",
    asks="A handshake with each endpoint, as anybody can make it: what it presents, and which"
    " protocols it accepts; and the headers of web addresses.",
    blind=SOURCE.blind,
    permissions=(),
    settings=(
        Setting(
            "endpoints",
            "Endpoints",
            "write HOST:PORT on each line, as app.example.com:443; an IPv6 address in brackets",
            SettingKind.LINES,
            flaw=_endpoint_flaw,
        ),
        Setting(
            "addresses",
            "Web addresses",
            "one a line, as https://app.example.com/, or http:// to see where it leads: their "
            "headers are read",
            SettingKind.LINES,
            is_required=False,
            flaw=headers.flaw,
        ),
    ),
    streams=(Stream(SOURCE), Stream(headers.SOURCE)),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR", "SOURCE", "EndpointError", "question"]
