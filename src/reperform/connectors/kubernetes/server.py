"""Asking a cluster's API server: lists as they were at one moment, to their end."""

from collections.abc import Iterator
from dataclasses import replace

from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Identity,
    Reply,
    Request,
    bearer,
)
from reperform.connectors.said import of, whole
from reperform.connectors.settings import Access

CORE, APPS, BATCH = "api/v1", "apis/apps/v1", "apis/batch/v1"
RBAC, NETWORK = "apis/rbac.authorization.k8s.io/v1", "apis/networking.k8s.io/v1"
_MOST = "500"
_GONE = 410
_DENIED = frozenset({401, 403, 404})
_ATTEMPTS = 3


class Cluster:
    """One cluster, asked with a token or a certificate."""

    def __init__(self, access: Access) -> None:
        token, key = access.secret("token"), access.secret("key")
        if not token and not key:
            raise CallFailedError(
                "the cluster was not asked: neither a token nor a certificate was given",
                why="A server that says something to everybody hides the rest.",
                todo="give the connection a token, or a certificate and its key",
            )
        self.client = Client(
            access.text("address").rstrip("/"),
            access=access,
            credentials=bearer(token) if token else None,
            roots=access.text("authority"),
            identity=Identity(access.text("certificate"), key) if key else None,
        )
        self.client.refuse_clear()
        self.api = Api(self.client, f"kubernetes {access.text('cluster')}")

    def listed(self, resource: str, group: str, **query: str) -> Iterator[Answer]:
        """Yield every page of all objects of a kind, in every namespace.

        A list that took longer than the server remembers it (410) is begun again: pages are
        yielded only when it is whole.

        Raises:
            CallFailedError: it is not, or its pages are not of one moment.
        """
        for _ in range(_ATTEMPTS):
            found = self._attempt(resource, group, query)
            if found is not None:
                yield from found
                return
        raise CallFailedError(
            f"{resource}: the list expired {_ATTEMPTS} times before its end (410)",
            todo="collect when the cluster has less to do",
        )

    def one(self, name: str, path: str) -> Answer:
        """Return the answer to a single question; its name has `page 1`."""
        return _named(name, self.api.one(name, Request(path)))

    def text(self, name: str, path: str) -> Answer:
        """Return what is no JSON, as it came.

        Raises:
            CallFailedError: the server does not answer.
        """
        reply = self.client.call(Request(path, headers={"Accept": "text/plain"}))
        if reply.status in _DENIED:
            return _named(name, Answer(name, reply.asked, refused=reply.told))
        if not reply.is_good:
            raise CallFailedError(f"{name}: {reply.told}")
        return Answer(name, reply.asked, [reply.body])

    def _attempt(self, resource: str, group: str, query: dict[str, str]) -> list[Answer] | None:
        """Return the pages; None when the list expired on the way."""
        reading = _Reading(resource)
        request = Request(f"{group}/{resource}", (("limit", _MOST), *query.items()))
        pages = self.api.listed(resource, request, inside=("items",), follow=reading.follow)
        try:
            return [_named(resource, page) for page in pages]
        except CallFailedError as error:
            if error.status != _GONE:
                raise
            return None


class _Reading:
    """One list being read: where it goes on, and that its pages are of one moment."""

    def __init__(self, resource: str) -> None:
        self._resource = resource
        self._version: object = None
        self._given, self._expected = 0, 0
        self._is_begun = False

    def follow(self, reply: Reply, request: Request) -> Request | None:
        """Return the request for the next page; None after the last.

        Source: Kubernetes API concepts, "Retrieving large results sets in chunks".

        Raises:
            CallFailedError: a page is of another moment, or fewer objects came than were
                announced.
        """
        said = reply.json()
        items, version = of(said, "items"), of(said, "metadata", "resourceVersion")
        going_on = of(said, "metadata", "continue") or ""
        remaining = whole(of(said, "metadata", "remainingItemCount"))
        if self._is_begun and version != self._version:
            raise CallFailedError(f"{self._resource}: its pages are not of one moment")
        self._given += len(items) if isinstance(items, list) else 0
        if remaining is not None:
            self._expected = self._given + remaining
        if not isinstance(going_on, str):
            raise CallFailedError(f"{self._resource}: metadata.continue is no cursor")
        if not going_on and self._given < self._expected:
            raise CallFailedError(
                f"{self._resource}: the server says that there are {self._expected:,}, "
                f"and gave {self._given:,}"
            )
        self._version, self._is_begun = version, True
        return request.with_query(**{"continue": going_on}) if going_on else None


def _named(name: str, answer: Answer) -> Answer:
    """Return an answer whose refusal says what was refused; a proxy's words may not."""
    if not answer.refused or name in answer.refused:
        return answer
    return replace(answer, refused=f"{name}: {answer.refused}")
