"""Asking a server of Prometheus for samples as they are stored."""

from datetime import datetime
from typing import Any

from reperform.connectors.answer import Answer
from reperform.connectors.calls import CallFailedError, Client, Reply, bearer
from reperform.connectors.settings import Access

QUERY = "api/v1/query"
_DENIED = frozenset({401, 403})


def client(access: Access) -> Client:
    """Return what the server is called with."""
    token = access.secret("token")
    return Client(
        access.text("address"), access=access, credentials=bearer(token) if token else None
    )


def samples(asked: Client, name: str, series: str, *, begin: datetime, seconds: int) -> Answer:
    """Return the stored samples of a selector in an interval that begins at `begin`.

    The interval ends a millisecond before the next one begins.  Prometheus 2 gives a sample that
    lies a millisecond before `begin` too, Prometheus 3 does not: shaping takes it out.

    Raises:
        CallFailedError: the query is wrong, or the answer is partial or no matrix.
    """
    end = begin.timestamp() + seconds
    reply = asked.get(QUERY, query=f"{series}[{seconds}s]", time=f"{end - 0.001:.3f}")
    if reply.status in _DENIED:
        return Answer(name, reply.asked, refused=reply.told)
    if not reply.is_good:
        raise CallFailedError(f"{name}: {reply.told}")
    matrix(reply)
    return Answer(name, reply.asked, [reply.body])


def matrix(reply: Reply) -> list[Any]:
    """Return the series of a whole answer.

    Raises:
        CallFailedError: it is partial, or it is no matrix of samples.
    """
    said = reply.json()
    said = said if isinstance(said, dict) else {}
    data = said.get("data")
    data = data if isinstance(data, dict) else {}
    found = data.get("result")
    is_matrix = said.get("status") == "success" and data.get("resultType") == "matrix"
    if not is_matrix or not isinstance(found, list):
        raise CallFailedError(f"{reply.url}: the answer holds no samples")
    if said.get("warnings") or said.get("isPartial"):
        words = "; ".join(map(str, said.get("warnings") or ["isPartial"]))[:300]
        raise CallFailedError(f"{reply.url}: the answer is partial: {words}")
    return found
