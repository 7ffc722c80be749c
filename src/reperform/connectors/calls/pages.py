"""Every page of an answer, in order, or none."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from reperform.connectors.answer import Answer
from reperform.connectors.calls.client import Client
from reperform.connectors.calls.messages import CallFailedError, Reply, Request

_DENIED = frozenset({401, 403, 404})
_NEXT = re.compile(r'<([^<>]*)>\s*;[^<]*?\brel\s*=\s*"?[^",;]*\bnext\b', re.IGNORECASE)

Follow = Callable[[Reply, Request], Request | None]
"""A page and the request that it answers -> the request for the next one; None after the last."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many things a page holds, and how many it says that there are; None: it does not say."""

    given: int
    announced: int | None = None


def pages(
    client: Client,
    name: str,
    request: Request,
    *,
    follow: Follow,
    count: Callable[[Reply], Count] | None = None,
    denied: Collection[int] = (),
) -> Iterator[Answer]:
    """Yield each page as an answer, `NAME page 1` and on.

    A source that refuses the first page (401, 403, 404) gives one refused answer, with its words.

    Args:
        client: of the source.
        name: which part of the question this is.
        request: for the first page.
        follow: see `Follow`, `link_next`, `cursor_in` and `numbered`.
        count: what each page holds; None when the source does not say how many there are.
        denied: other statuses by which this source refuses the first page.

    Raises:
        CallFailedError: a later page is refused, pages go in a circle or on without end, or fewer
            things were given than announced.
    """
    seen: set[tuple[str, bytes | None]] = set()
    asked: Request | None = request
    number, given, announced = 0, 0, None
    while asked is not None:
        key = (asked.url(""), asked.content())
        if key in seen:
            raise CallFailedError(f"{name}: page {number} names a page that was read already")
        seen.add(key)
        number += 1
        if number > client.limits.pages:
            raise CallFailedError(f"{name}: there are more than {client.limits.pages:,} pages")
        reply = client.call(asked)
        if not reply.is_good:
            if number == 1 and (reply.status in _DENIED or reply.status in denied):
                yield Answer(name, reply.asked, refused=reply.told)
                return
            what = f"{name}: page {number}: {reply.told}"
            raise CallFailedError(what, status=reply.status)
        if count:
            counted = count(reply)
            given += counted.given
            announced = announced if counted.announced is None else counted.announced
        asked = follow(reply, asked)
        yield Answer(f"{name} page {number}", reply.asked, [reply.body])
    if announced is not None and given < announced:
        raise CallFailedError(
            f"{name}: the source says that there are {announced:,}, and gave {given:,}"
        )


def link_next(reply: Reply, request: Request) -> Request | None:
    """Follow the header `Link`.  Source: RFC 8288."""
    found = _NEXT.search(reply.headers.get("link", ""))
    return replace(request, path=urljoin(reply.url, found[1]), query=()) if found else None


def link_in(*path: str) -> Follow:
    """Follow a whole address in the JSON of a page.  Absent, null and empty end the pages."""

    def follow(reply: Reply, request: Request) -> Request | None:
        found = _lies_at(reply, path)
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise CallFailedError(f"{reply.url}: {'.'.join(path)} is no address")
        return replace(request, path=urljoin(reply.url, found), query=())

    return follow


def cursor_in(*path: str, parameter: str) -> Follow:
    """Follow a cursor in the JSON of a page: where it is, and the parameter that it goes into.

    Absent, null and empty end the pages.
    """

    def follow(reply: Reply, request: Request) -> Request | None:
        found = _lies_at(reply, path)
        if found is None or found == "":
            return None
        if not isinstance(found, str | int) or isinstance(found, bool):
            raise CallFailedError(f"{reply.url}: {'.'.join(path)} is no cursor")
        return request.with_query(**{parameter: str(found)})

    return follow


def numbered(*, parameter: str, size: int, given: Callable[[Reply], int]) -> Follow:
    """Follow page numbers from 1: a page that is not full is the last.

    Only for sources that fill every page but the last; give `pages` a count where they say one.
    """

    def follow(reply: Reply, request: Request) -> Request | None:
        if given(reply) < size:
            return None
        number = int(dict(request.query).get(parameter, "1"))
        return request.with_query(**{parameter: str(number + 1)})

    return follow


def _lies_at(reply: Reply, path: tuple[str, ...]) -> object:
    found = reply.json()
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found
