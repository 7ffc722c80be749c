"""tls: named endpoints, as a handshake from this machine shows them.

The only source that opens connections to others, and only to the endpoints that the user names.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from reperform.connectors.answer import Answer, Question, Source
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


def question(endpoint: str) -> Question:
    """Return the question for one endpoint, HOST:PORT.

    Raises:
        EndpointError: it is not HOST:PORT.
    """
    Endpoint.parse(endpoint)

    def asked() -> Iterator[Answer]:
        yield from ask(endpoint, datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"))

    return Question(stream=STREAM, target=endpoint, ask=asked)


__all__ = ["SOURCE", "EndpointError", "question"]
