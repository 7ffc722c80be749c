"""Asking a server of Prometheus how it is set up: one whole answer, of the form that is known."""

from datetime import UTC, datetime
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.calls import CallFailedError, Client
from reperform.connectors.kept import said
from reperform.connectors.said import of

_DENIED = frozenset({401, 403, 404})


class Server:
    """One server, and how rows name it."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address

    def observed(self, **more: object) -> Answer:
        """Return who is asked, and when; every question begins with it."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = {"at": now, "system": f"prometheus {self.address}", **more}
        return Answer("observed", "clock", [canonical_json(facts)])

    def state(self, name: str, path: str, *lists: str, **query: str) -> Answer:
        """Return an answer in which `data` holds these lists.

        Raises:
            CallFailedError: the server does not answer, not the whole, or in another form.
        """
        reply = self.client.get(path, **query)
        if reply.status in _DENIED:
            return Answer(name, reply.asked, refused=f"{name}: {reply.told}")
        if not reply.is_good:
            raise CallFailedError(f"{name}: {reply.told}")
        found = reply.json()
        is_whole = of(found, "status") == "success" and all(
            isinstance(of(found, "data", each), list) for each in lists
        )
        if not is_whole:
            raise CallFailedError(f"{name}: the answer holds no {' and no '.join(lists)}")
        if of(found, "warnings") or of(found, "isPartial") or of(found, "data", "groupNextToken"):
            raise CallFailedError(f"{name}: the answer is partial")
        return Answer(name, reply.asked, [reply.body])


def labels_of(labels: Any, *without: str) -> str | None:  # noqa: ANN401 - JSON
    """Return labels as `instance=a:80, job=site`, sorted; None when there are none.

    >>> labels_of({"job": "site", "alertname": "Down", "instance": "a:80"}, "alertname")
    'instance=a:80, job=site'
    """
    named = labels if isinstance(labels, dict) else {}
    told = (f"{name}={named[name]}" for name in sorted(named) if name not in without)
    return said(", ".join(told), most=2_000)
