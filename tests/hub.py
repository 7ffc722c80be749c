"""A small GitHub: an organization in memory, behind a real HTTP server, page by page."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from answering import Said, Server, answering
from reperform.connectors.settings import Access

TOKEN = "ghp_0123456789abcdefghij"
Values = dict[str, Any]


def user(login: str, number: int = 0, kind: str = "User") -> Values:
    return {"login": login, "id": number or sum(login.encode()), "type": kind}


@dataclass
class Hub:
    """What the organization holds.

    Attributes:
        paths: path below the address -> a list, which is paged, or an object.
        refused: path -> status and words.
        merged: pull requests that a search finds; `on` is the day.
        size: how many things a page holds.
        incomplete: the search says that it ran out of time.
        announced: how many the search says there are more than it gives.
    """

    paths: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, tuple[int, str]] = field(default_factory=dict)
    merged: list[Values] = field(default_factory=list)
    size: int = 2
    incomplete: bool = False
    announced: int = 0
    server: Server = field(default_factory=lambda: Server(""))
    waits: list[float] = field(default_factory=list)

    def access(self, *repositories: str) -> Access:
        settings = {
            "owner": "larkspur",
            "repositories": list(repositories),
            "address": self.server.address,
        }
        return Access(settings, {"token": TOKEN}, wait=self.waits.append)

    def pull(self, name: str, number: int, day: str, **more: object) -> None:
        """Merge a pull request by ana on a day, checked and not reviewed."""
        base = f"/repos/larkspur/{name}"
        sha = f"{number:040x}"
        self.merged.append(
            {"on": day, "pull_request": {"url": f"{self.server.address}{base}/pulls/{number}"}}
        )
        found = {
            "number": number,
            "title": f"Change {number}",
            "body": None,
            "user": user("ana"),
            "merged_by": user("bob"),
            "created_at": f"{day}T08:00:00Z",
            "merged_at": f"{day}T12:00:00Z",
            "merge_commit_sha": f"{number + 1000:040x}",
            "base": {"ref": "main"},
            "head": {"sha": sha},
        }
        self.paths[f"{base}/pulls/{number}"] = {**found, **more}
        self.paths[f"{base}/pulls/{number}/reviews"] = []
        runs = [{"name": "tests", "conclusion": "success"}]
        self.paths[f"{base}/commits/{sha}/check-runs"] = {"total_count": 1, "check_runs": runs}
        self.paths[f"{base}/commits/{sha}/status"] = {"state": "pending", "statuses": []}

    def answer(self, path: str, _: int) -> Said:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        special = f"{parts.path}?{query.get('filter') or query.get('role') or ''}".rstrip("?")
        for key in (special, parts.path):
            if key in self.refused:
                status, words = self.refused[key]
                return Said({"message": words}, status=status)
        if parts.path == "/search/issues":
            return self._searched(query, parts.path)
        found = self.paths.get(special, self.paths.get(parts.path))
        if found is None:
            return Said({"message": "Not Found"}, status=404)
        return self._page(found, query, parts.path) if isinstance(found, list) else Said(found)

    def _page(self, found: list[Any], query: dict[str, str], path: str) -> Said:
        number = int(query.get("page", "1"))
        page = found[(number - 1) * self.size : number * self.size]
        return Said(page, headers=self._more(len(found), query, path))

    def _more(self, count: int, query: dict[str, str], path: str) -> dict[str, str]:
        number = int(query.get("page", "1"))
        if number * self.size >= count:
            return {}
        rest = "&".join(f"{k}={v.replace(' ', '%20')}" for k, v in query.items() if k != "page")
        return {"Link": f'<{self.server.address}{path}?{rest}&page={number + 1}>; rel="next"'}

    def _searched(self, query: dict[str, str], path: str) -> Said:
        day = re.search(r"merged:(\S{10})T00:00:00Z\.\.\1T23:59:59Z", query["q"])
        scope = query["q"].split()[0]
        found = [
            {"pull_request": one["pull_request"]}
            for one in self.merged
            if day
            and one["on"] == day[1]
            and (
                scope.startswith("org:")
                or f"/{scope.removeprefix('repo:')}/" in one["pull_request"]["url"]
            )
        ]
        number = int(query.get("page", "1"))
        body = {
            "total_count": len(found) + self.announced,
            "incomplete_results": self.incomplete,
            "items": found[(number - 1) * self.size : number * self.size],
        }
        return Said(json.dumps(body).encode(), headers=self._more(len(found), query, path))


@contextmanager
def served() -> Iterator[Hub]:
    hub = Hub()
    with answering(hub.answer) as server:
        hub.server = server
        yield hub
