"""Asking a service by SCIM 2.0.  Source: RFC 7644 (protocol), RFC 9865 (cursors)."""

from collections.abc import Iterator
from dataclasses import replace

from reperform.connectors.answer import Answer
from reperform.connectors.calls import (
    Api,
    CallFailedError,
    Client,
    Count,
    Reply,
    Request,
    bearer,
    values_of,
)
from reperform.connectors.settings import Access

RESOURCES = "Resources"
_PERSONAL = "phoneNumbers,addresses,photos,ims,x509Certificates,timezone,locale"
"""What no evidence needs is not asked for."""
_NO_GROUPS = "the service says that it has no groups"


class Service:
    """One service that speaks SCIM."""

    def __init__(self, access: Access) -> None:
        client = Client(
            access.text("address"),
            access=access,
            credentials=bearer(access.secret("token")),
            headers={"Accept": "application/scim+json"},
        )
        facts = {"privileged": list(access.lines("privileged"))}
        self.api = Api(client, f"scim {access.text('service')}", facts=facts)

    def listed(self, name: str, path: str) -> Iterator[Answer]:
        """Yield every page of a list, which is the same list on each of them.

        Raises:
            CallFailedError: the service gives fewer than it announces, the same one twice, or
                another number of them on a later page: somebody came or went while we read.
        """
        query = (("startIndex", "1"), ("count", "100"), ("excludedAttributes", _PERSONAL))
        seen: set[str] = set()
        for answer in self.api.listed(
            name, Request(path, query), count=_Same().count, follow=_onward
        ):
            for one in values_of(answer, RESOURCES):
                uid = str(one.get("id"))
                if uid in seen:
                    raise CallFailedError(
                        f"{name}: {uid[:100]} was given twice",
                        why="A list that moved while it was read may lack somebody.",
                        todo="collect again; when it stays so, the service ignores startIndex",
                    )
                seen.add(uid)
            yield answer

    def groups(self, name: str) -> Iterator[Answer]:
        """Yield every page of groups; where the service says that it has none, that it does."""
        types = self._types()
        if _lacks_groups(types):
            yield Answer(name, types.asked, absent=_NO_GROUPS)
        else:
            yield from self.listed(name, "Groups")

    def found(self, path: str) -> Answer:
        """Return a page of one thing, for a check."""
        types = self._types()
        if path == "Groups" and _lacks_groups(types):
            return Answer(path, types.asked, absent=_NO_GROUPS)
        return self.api.one(path, Request(path, (("startIndex", "1"), ("count", "1"))))

    def _types(self) -> Answer:
        return self.api.one("kinds of resources", Request("ResourceTypes"))


def _lacks_groups(types: Answer) -> bool:
    """Return whether a service names what it has, and no groups among it."""
    named = [one.get("endpoint") for one in values_of(types, RESOURCES)]
    return bool(named) and "/Groups" not in named


class _Same:
    """Counts pages, which must all be of one list."""

    def __init__(self) -> None:
        self._total: int | None = None

    def count(self, reply: Reply) -> Count:
        found = reply.json()
        total = found.get("totalResults") if isinstance(found, dict) else None
        things = found.get(RESOURCES, []) if isinstance(found, dict) else None
        is_number = isinstance(total, int) and not isinstance(total, bool)
        if not isinstance(things, list) or not (is_number or "nextCursor" in found):
            raise CallFailedError(f"{reply.url}: the answer is no list of SCIM")
        if is_number and self._total not in (None, total):
            raise CallFailedError(
                f"{reply.url}: there were {self._total:,}, and now there are {total:,}",
                why="A list that moved while it was read may lack somebody.",
                todo="collect again",
            )
        self._total = total if is_number else self._total
        return Count(len(things), self._total)


def _onward(reply: Reply, request: Request) -> Request | None:
    """Follow a cursor, where the service has them; else the index of what was not given yet."""
    found = reply.json()
    cursor = found.get("nextCursor")
    if isinstance(cursor, str) and cursor:
        rest = tuple(each for each in request.query if each[0] not in ("startIndex", "cursor"))
        return replace(request, query=(*rest, ("cursor", cursor)))
    begin = int(dict(request.query).get("startIndex", "0"))
    end = begin + len(found.get(RESOURCES, []))
    if not begin or end == begin or end > int(found.get("totalResults", 0)):
        return None
    return request.with_query(startIndex=str(end))
