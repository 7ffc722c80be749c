"""Asking GitHub: an organization and its repositories, a page at a time."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    CallFailedError,
    Client,
    Count,
    Reply,
    Request,
    bearer,
    link_next,
    pages,
)
from reperform.connectors.settings import Access

_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_MOST = "100"
_UNPROCESSABLE = 422


class Hub:
    """One organization of GitHub, or of a server of one's own.

    Args:
        access: of the connection.
    """

    def __init__(self, access: Access) -> None:
        self.owner = access.text("owner")
        self._named = access.lines("repositories")
        self._client = Client(
            access.text("address"),
            access=access,
            credentials=bearer(access.secret("token")),
            headers=_HEADERS,
        )

    @property
    def system(self) -> str:
        """The organization as rows name it."""
        return f"github {self.owner}"

    def observed(self, **more: object) -> Answer:
        """Return who is asked, and when; every question begins with it."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = {"at": now, "system": self.system, "owner": self.owner, **more}
        return Answer("observed", "clock", [canonical_json(facts)])

    def listed(
        self,
        name: str,
        path: str,
        *,
        absent: Mapping[str, str] | None = None,
        reduce: Callable[[bytes], bytes] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Iterator[Answer]:
        """Yield every page of a list.

        Args:
            name: of the answers.
            path: below the server's address.
            absent: words of GitHub by which it says that there is nothing -> what that means.
            reduce: takes out of a page what must not become evidence.
            query: parameters.

        Raises:
            CallFailedError: GitHub did not answer to the end, or not with a list.
        """
        request = Request(path, tuple({"per_page": _MOST, **(query or {})}.items()))
        for answer in pages(self._client, name, request, follow=link_next):
            yield _read(answer, absent or {}, reduce)

    def listed_for_owners(self, name: str, path: str, query: Mapping[str, str]) -> Iterator[Answer]:
        """Yield every page of a list that only owners may ask for: to others, GitHub says 422."""
        reply = self._client.call(Request(path, tuple({"per_page": "1", **query}.items())))
        if reply.status == _UNPROCESSABLE:
            yield Answer(name, reply.asked, refused=reply.told)
        else:
            yield from self.listed(name, path, query=query)

    def merged_on(self, day: date) -> Iterator[Answer]:
        """Yield the pull requests that were merged on a day (UTC), in every repository.

        Raises:
            CallFailedError: GitHub searched only in part, or there are more than it gives.
        """
        scopes = [f"repo:{self.owner}/{name}" for name in self._named] or [f"org:{self.owner}"]
        for scope in scopes:
            said = f"{scope} is:pr is:merged merged:{day}T00:00:00Z..{day}T23:59:59Z"
            query = {"q": said, "sort": "created", "order": "asc", "per_page": _MOST}
            request = Request("search/issues", tuple(query.items()))
            name = f"merged {day} {scope}"
            yield from pages(self._client, name, request, follow=link_next, count=_searched)

    def one(self, name: str, path: str, *, absent: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a single question, see `listed`."""
        found = pages(self._client, name, Request(path), follow=lambda *_: None)
        return _read(next(found), absent or {}, None)

    def repositories(self) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        """Yield each answer about the repositories, and the repositories that are in it.

        They are the named ones, else all of the organization.
        """
        if not self._named:
            for answer in self.listed("repositories", f"orgs/{self.owner}/repos"):
                yield answer, values_of(answer)
        for name in self._named:
            answer = self.one(f"repository {name}", f"repos/{self.owner}/{name}")
            yield answer, values_of(answer)


def _searched(reply: Reply) -> Count:
    """Count what a page of a search holds.

    Raises:
        CallFailedError: GitHub says that it did not search everything.
    """
    found = reply.json()
    if not isinstance(found, dict) or not isinstance(found.get("items"), list):
        raise CallFailedError(f"{reply.url}: the answer is no page of a search")
    if found.get("incomplete_results") is not False:
        raise CallFailedError(f"{reply.url}: GitHub ran out of time, and searched only in part")
    return Count(len(found["items"]), int(found["total_count"]))


def _read(
    answer: Answer, absent: Mapping[str, str], reduce: Callable[[bytes], bytes] | None
) -> Answer:
    """Return an answer whose body is JSON to its end, or that says why there is none."""
    if answer.refused.startswith("401 "):
        raise CallFailedError(
            f"{answer.name}: {answer.refused}",
            todo="make a new token and give it to the connection",
        )
    for words, meaning in absent.items():
        if words.casefold() in answer.refused.casefold():
            return Answer(answer.name, answer.asked, absent=f"{meaning}: {answer.refused}")
    if answer.refused:
        return answer
    body = b"".join(answer.body)
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CallFailedError(f"{answer.name}: the answer is not whole JSON") from error
    return Answer(answer.name, answer.asked, [reduce(body) if reduce else body])


def values_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the objects in an answer that `Hub` gave: of its list, or itself."""
    if answer.refused or answer.absent:
        return []
    found = json.loads(b"".join(answer.body))
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, dict)]
