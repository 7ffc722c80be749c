"""Asking GitHub: an organization and its repositories, a page at a time."""

from collections.abc import Callable, Iterator, Mapping
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
    bearer,
    values_of,
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
        client = Client(
            access.text("address"),
            access=access,
            credentials=bearer(access.secret("token")),
            headers=_HEADERS,
        )
        self._api = Api(client, f"github {self.owner}", facts={"owner": self.owner})

    @property
    def system(self) -> str:
        """The organization as rows name it."""
        return self._api.system

    def observed(self, **more: object) -> Answer:
        """Return who is asked, and when; every question begins with it."""
        return self._api.observed(**more)

    def listed(
        self,
        name: str,
        path: str,
        *,
        inside: tuple[str, ...] = (),
        absent: Mapping[str, str] | None = None,
        reduce: Callable[[bytes], bytes] | None = None,
        query: Mapping[str, str] | None = None,
        follow: Follow | None = None,
    ) -> Iterator[Answer]:
        """Yield every page of a list.

        Args:
            name: of the answers.
            path: below the server's address.
            inside: names that lead to the list on a page.
            absent: words of GitHub by which it says that there is nothing -> what that means.
            reduce: takes out of a page what must not become evidence.
            query: parameters.
            follow: how it goes on, other than to its end.

        Raises:
            CallFailedError: GitHub did not answer to the end, or not with a list.
        """
        request = Request(path, tuple({"per_page": _MOST, **(query or {})}.items()))
        yield from self._api.listed(
            name, request, inside=inside, absent=absent, reduce=reduce, follow=follow
        )

    def listed_for_owners(self, name: str, path: str, query: Mapping[str, str]) -> Iterator[Answer]:
        """Yield every page of a list that only owners may ask for: to others, GitHub says 422."""
        request = Request(path, tuple({"per_page": _MOST, **query}.items()))
        yield from self._api.listed(name, request, denied={_UNPROCESSABLE})

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
            yield from self._api.listed(name, request, count=_searched)

    def one(self, name: str, path: str, *, absent: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a single question, see `listed`."""
        return self._api.one(name, Request(path), absent=absent)

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
