"""Asking GitLab about one group and its projects."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from reperform.connectors.answer import Answer
from reperform.connectors.calls import Api, Client, Count, Reply, Request, values_of
from reperform.connectors.settings import Access

MOST = ("per_page", "100")
PROJECTS = "projects"


class Lab:
    """One group of GitLab, with its subgroups and all their projects."""

    def __init__(self, access: Access) -> None:
        address = access.text("address").rstrip("/")
        self.group = access.text("group").strip("/")
        self.graphql = f"{address}/api/graphql"
        self.base = f"groups/{quote(self.group, safe='')}"
        client = Client(
            f"{address}/api/v4",
            access=access,
            credentials={"PRIVATE-TOKEN": access.secret("token")},
        )
        host = urlsplit(address).hostname
        self.api = Api(client, f"gitlab {host}/{self.group}", facts={"group": self.group})

    def listed(self, name: str, path: str, *query: tuple[str, str]) -> Iterator[Answer]:
        """Yield every page of a list; there are as many things as GitLab announces."""
        yield from self.api.listed(name, Request(path, (MOST, *query)), inside=(), count=_count)

    def projects(self) -> Iterator[tuple[Answer, list[dict[str, Any]]]]:
        """Yield each page of projects, archived ones too, and the projects on it."""
        query = (("include_subgroups", "true"), ("order_by", "id"), ("sort", "asc"))
        for answer in self.listed(PROJECTS, f"{self.base}/projects", *query):
            yield answer, values_of(answer)


def _count(reply: Reply) -> Count:
    """Count what a page holds; GitLab counts no more than 10,000, and no keyset.

    What is not a list is refused by whoever reads the page.
    """
    found, announced = reply.json(), reply.headers.get("x-total", "")
    is_number = announced.isascii() and announced.isdecimal()
    given = len(found) if isinstance(found, list) else 0
    return Count(given, int(announced) if is_number else None)
