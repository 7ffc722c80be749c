"""A small vendor: what an organization holds there, behind a real HTTP server, page by page."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from answering import Said, Server, answering
from reperform.connectors.settings import Access

Query = dict[str, str]
RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
PEM = RSA.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
"""A key with which applications sign for their tokens."""


@dataclass
class Vendor:
    """What the organization holds, and how the vendor tells it.

    Attributes:
        page: vendor, path, query and the whole list -> a page of it, as the vendor writes one.
        paths: path -> a list, which is paged, an object, or bytes as they are; a path with
            `?NAME=VALUE` holds where the query has it, and before the one without.
        said: path -> answers that are given first, one after the other.
        refused: path -> the answer that is given instead.
        size: how many things a page holds.
        more: how many things the vendor announces that it does not give.
    """

    page: Callable[["Vendor", str, Query, list[Any]], Said]
    paths: dict[str, Any] = field(default_factory=dict)
    said: dict[str, list[Said]] = field(default_factory=dict)
    refused: dict[str, Said] = field(default_factory=dict)
    size: int = 2
    more: int = 0
    server: Server = field(default_factory=lambda: Server(""))
    waits: list[float] = field(default_factory=list)

    def access(self, settings: dict[str, Any], secrets: dict[str, str]) -> Access:
        return Access(settings, secrets, wait=self.waits.append)

    def answer(self, path: str, _: int) -> Said:
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        keys = [f"{parts.path}?{name}={value}" for name, value in query.items()] + [parts.path]
        for key in keys:
            if self.said.get(key):
                return self.said[key].pop(0)
            if key in self.refused:
                return self.refused[key]
        for key in keys:
            if key in self.paths:
                found = self.paths[key]
                if isinstance(found, list):
                    return self.page(self, parts.path, query, found)
                return Said(found)
        return Said({"message": "Not Found", "path": parts.path}, status=404)

    def address(self, path: str, query: Query, **more: str) -> str:
        """Return the address of another page of the same list."""
        return f"{self.server.address}{path}?{urlencode({**query, **more})}"

    @property
    def asked(self) -> list[str]:
        """The paths that were asked, with their queries, in order."""
        return [path for _, path, _, _ in self.server.asked]

    @property
    def sent(self) -> str:
        """All that was sent, but for the headers."""
        return "\n".join(path + body.decode() for _, path, _, body in self.server.asked)


def by_link(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page with the header `Link`, as Okta and GitLab write it."""
    begin = int(query.get("after", "0"))
    end = begin + vendor.size
    links = [f'<{vendor.address(path, query)}>; rel="self"']
    if end < len(found):
        links.append(f'<{vendor.address(path, query, after=str(end))}>; rel="next"')
    return Said(found[begin:end], headers={"Link": ", ".join(links)})


def half(found: object) -> bytes:
    """Return JSON that was cut off."""
    content = json.dumps(found).encode()
    return content[: len(content) // 2]


@contextmanager
def vending(page: Callable[[Vendor, str, Query, list[Any]], Said]) -> Iterator[Vendor]:
    """Serve a vendor until the block ends."""
    vendor = Vendor(page)
    with answering(vendor.answer) as server:
        vendor.server = server
        yield vendor


def by_page(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page with `Link` and `X-Total`, or by keyset without a total, as GitLab does."""
    begin = (int(query.get("page", "1")) - 1) * vendor.size
    end = begin + vendor.size
    headers = {"X-Total": str(len(found) + vendor.more)}
    if query.get("pagination") == "keyset":
        headers = {}
    if end < len(found):
        following = str(int(query.get("page", "1")) + 1)
        headers["Link"] = f'<{vendor.address(path, query, page=following)}>; rel="next"'
    return Said(found[begin:end], headers=headers)


def by_odata(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
    """Return a page with `@odata.nextLink`, as Microsoft Graph writes it."""
    begin = int(query.get("$skiptoken", "0"))
    end = begin + vendor.size
    body: dict[str, Any] = {"@odata.context": "about:blank", "value": found[begin:end]}
    if end < len(found):
        body["@odata.nextLink"] = vendor.address(path, query, **{"$skiptoken": str(end)})
    return Said(body)


def granted(token: str, seconds: int = 3_600) -> Said:
    """Return what a server of tokens says when it grants one."""
    return Said({"token_type": "Bearer", "access_token": token, "expires_in": seconds})


def by_token(key: str, kind: str) -> Callable[[Vendor, str, Query, list[Any]], Said]:
    """Return pages with `nextPageToken`, as Google writes them: no key where nothing is."""

    def page(vendor: Vendor, path: str, query: Query, found: list[Any]) -> Said:
        assert path
        begin = int(query.get("pageToken", "0"))
        end = begin + vendor.size
        body: dict[str, Any] = {"kind": kind}
        if found[begin:end]:
            body[key] = found[begin:end]
        if end < len(found):
            body["nextPageToken"] = str(end)
        return Said(body)

    return page
