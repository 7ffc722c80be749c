"""Asking one site of Jira Cloud: tickets by JQL, and the history of each."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import quote, urlsplit

from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Count,
    Reply,
    Request,
    basic,
    cursor_in,
    values_of,
)
from reperform.connectors.days import DAY
from reperform.connectors.settings import Access
from reperform.connectors.tickets import meanings

_API = "rest/api/3"
_BAD = 400
_FIELDS = ("summary", "created", "updated", "status", "reporter", "assignee", "labels", "priority")


class Site:
    """One site of Jira Cloud."""

    def __init__(self, access: Access) -> None:
        address = access.text("address").rstrip("/")
        self._fields = [*_FIELDS, access.text("severity_field"), access.text("detected_field")]
        client = Client(
            address,
            access=access,
            credentials=basic(access.text("email"), access.secret("token")),
        )
        facts = {
            "severity_field": access.text("severity_field"),
            "detected_field": access.text("detected_field"),
            "meanings": meanings(access),
        }
        follow = cursor_in("nextPageToken", parameter="nextPageToken")
        self.api = Api(client, f"jira {urlsplit(address).hostname}", follow=follow, facts=facts)

    def tickets(self, name: str, jql: str, since: date | None) -> Iterator[Answer]:
        """Yield the tickets that a query finds, and the moves of each.

        A query may name days only by the account's clock: a day more is asked for, and what
        is of other days is left when rows are made.
        """
        recent = f' AND updated >= "{since - DAY}"' if since else ""
        query = {
            "jql": f"({jql}){recent} ORDER BY created ASC",
            "fields": ",".join(dict.fromkeys(filter(None, self._fields))),
            "maxResults": "100",
        }
        request = Request(f"{_API}/search/jql", tuple(query.items()))
        uids: list[str] = []
        found = self.api.listed(name, request, inside=("issues",), count=_searched, denied={_BAD})
        for answer in found:
            uids += [str(one["id"]) for one in values_of(answer, "issues")]
            yield answer
        for uid in dict.fromkeys(uids):
            path = f"{_API}/issue/{quote(uid, safe='')}/changelog"
            moves = Request(path, (("startAt", "0"), ("maxResults", "100")))
            history = self.api.listed(
                f"moves of {uid}", moves, inside=("values",), count=_counted, follow=_onward
            )
            yield from history

    def found(self, name: str, jql: str) -> Answer:
        """Return one ticket that a query finds, for a check."""
        query = (("jql", f"({jql})"), ("fields", "summary"), ("maxResults", "1"))
        return self.api.one(name, Request(f"{_API}/search/jql", query), denied={_BAD})

    def projects(self) -> Answer:
        """Return a page of the projects that the account may see."""
        return self.api.one("projects", Request(f"{_API}/project/search", (("maxResults", "1"),)))


def _searched(reply: Reply) -> Count:
    """Count the tickets of a page: a search that is not at its end says where it goes on."""
    found = reply.json()
    issues = found.get("issues") if isinstance(found, dict) else None
    if isinstance(issues, list) and found.get("isLast") is False and not found.get("nextPageToken"):
        raise CallFailedError(f"{reply.url}: this is not the last page, and there is no next one")
    return Count(len(issues) if isinstance(issues, list) else 0)


def _counted(reply: Reply) -> Count:
    found = reply.json()
    page = found if isinstance(found, dict) else {}
    values, total = page.get("values"), page.get("total")
    is_number = isinstance(total, int) and not isinstance(total, bool)
    return Count(len(values) if isinstance(values, list) else 0, total if is_number else None)


def _onward(reply: Reply, request: Request) -> Request | None:
    """Follow places in a list: until as many were given as there are."""
    found = reply.json()
    values = found.get("values") if isinstance(found, dict) else None
    begin = int(dict(request.query)["startAt"])
    end = begin + len(values) if isinstance(values, list) else begin
    if found.get("isLast") is True or end >= int(found.get("total") or 0):
        return None
    return request.with_query(startAt=str(end))
