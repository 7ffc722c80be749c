"""Asking one workspace of Linear over GraphQL: tickets by their labels, and their history."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Count,
    Follow,
    Reply,
    Request,
    values_of,
)
from reperform.connectors.settings import Access
from reperform.connectors.tickets import meanings

_PAGE = "pageInfo { hasNextPage endCursor }"
_TICKETS = (
    "query ($filter: IssueFilter, $after: String) { issues(first: 50, after: $after,"
    " filter: $filter, includeArchived: true, orderBy: createdAt) { nodes { id identifier title"
    " createdAt priorityLabel state { name } creator { id email name } assignee { id email name }"
    " labels(first: 50) { nodes { name } pageInfo { hasNextPage } } }"
    f" {_PAGE} }} }}"
)
_HISTORY = (
    "query ($id: String!, $after: String) { issue(id: $id) { history(first: 50, after: $after) {"
    " nodes { id createdAt actor { id email name } toState { name } }"
    f" {_PAGE} }} }} }}"
)
TICKETS, HISTORY = ("data", "issues"), ("data", "issue", "history")


class Workspace:
    """One workspace of Linear."""

    def __init__(self, access: Access) -> None:
        self._address = access.text("address")
        client = Client(
            self._address,
            access=access,
            credentials={"Authorization": access.secret("key")},
        )
        facts = {
            "is_priority_severity": access.settings.get("is_priority_severity") is True,
            "meanings": meanings(access),
        }
        self.api = Api(client, f"linear {access.text('workspace')}", facts=facts)

    def tickets(self, name: str, labels: Sequence[str], since: date | None) -> Iterator[Answer]:
        """Yield the tickets that have one of the labels, and the moves of each."""
        wanted: dict[str, Any] = {"labels": {"some": {"name": {"in": list(labels)}}}}
        if since:
            wanted["updatedAt"] = {"gte": f"{since}T00:00:00.000Z"}
        uids: list[str] = []
        for answer in self._listed(name, _TICKETS, TICKETS, {"filter": wanted}):
            uids += [str(one["id"]) for one in values_of(answer, *TICKETS, "nodes")]
            yield answer
        for uid in dict.fromkeys(uids):
            yield from self._listed(f"moves of {uid}", _HISTORY, HISTORY, {"id": uid})

    def viewer(self, name: str) -> Answer:
        """Return who asks, for a check."""
        body = {"query": "{ viewer { id } organization { urlKey } }"}
        return self.api.one(name, Request(self._address, method="POST", body=body), denied={400})

    def _listed(
        self, name: str, query: str, inside: tuple[str, ...], variables: Mapping[str, Any]
    ) -> Iterator[Answer]:
        body = {"query": query, "variables": dict(variables)}
        yield from self.api.listed(
            name,
            Request(self._address, method="POST", body=body),
            inside=(*inside, "nodes"),
            count=_page(inside),
            follow=_onward(inside),
        )


def _part(reply: Reply, inside: tuple[str, ...]) -> dict[str, Any]:
    found = reply.json()
    for step in inside:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _page(inside: tuple[str, ...]) -> Callable[[Reply], Count]:
    """Count what a page holds; GraphQL says 200 also when it could answer in part only."""

    def count(reply: Reply) -> Count:
        found = reply.json()
        if isinstance(found, dict) and found.get("errors"):
            raise CallFailedError(f"{reply.url}: answered in part: {str(found['errors'])[:300]}")
        nodes = _part(reply, inside).get("nodes")
        listed = nodes if isinstance(nodes, list) else []
        if any(_has_more(each, "labels") for each in listed):
            raise CallFailedError(f"{reply.url}: a ticket has more labels than are read")
        return Count(len(listed))

    return count


def _has_more(node: object, name: str) -> bool:
    found = node.get(name) if isinstance(node, dict) else None
    page = found.get("pageInfo") if isinstance(found, dict) else None
    return isinstance(page, dict) and page.get("hasNextPage") is True


def _onward(inside: tuple[str, ...]) -> Follow:
    """Follow the cursor of a page into the variables of the query."""

    def follow(reply: Reply, request: Request) -> Request | None:
        page = _part(reply, inside).get("pageInfo")
        if not isinstance(page, dict) or not isinstance(page.get("hasNextPage"), bool):
            raise CallFailedError(f"{reply.url}: the page does not say whether it is the last")
        if not page["hasNextPage"]:
            return None
        if not isinstance(page.get("endCursor"), str):
            raise CallFailedError(f"{reply.url}: this is not the last page, and there is no cursor")
        variables = {**request.body["variables"], "after": page["endCursor"]}
        return replace(request, body={**request.body, "variables": variables})

    return follow
