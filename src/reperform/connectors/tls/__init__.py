"""tls: named endpoints, as a handshake from this machine shows them.

The only source that opens connections to others, and only to the endpoints that the user names.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.contract import Asking, Check, Connector, Stream
from reperform.connectors.settings import Access, Networks, Setting, SettingKind
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
    return [question(endpoint, access.private) for endpoint in access.lines("endpoints")]


def _check(access: Access) -> Check:
    """Shake hands with each endpoint once, and say what is presented."""
    shaken = []
    for endpoint in access.lines("endpoints"):
        answer = next(ask(endpoint, "", access.private))
        said = json.loads(b"".join(answer.body))
        shaken.append(f"{endpoint} speaks {said['protocol']}")
    return Check("; ".join(shaken))


CONNECTOR = Connector(
    name="tls",
    title="TLS endpoints",
    asks="A handshake with each endpoint, as anybody can make it: what it presents, and which"
    " protocols it accepts.",
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
    ),
    streams=(Stream(SOURCE),),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR", "SOURCE", "EndpointError", "question"]
