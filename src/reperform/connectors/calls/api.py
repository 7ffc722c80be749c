"""One account of a source: its lists to the end, its single things, as whole JSON."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.calls.client import Client
from reperform.connectors.calls.messages import CallFailedError, Reply, Request
from reperform.connectors.calls.pages import Count, Follow, link_next, pages


class Api:
    """Asks one account of a source.

    Args:
        client: of the source.
        system: the account as rows name it, such as `okta larkspur.okta.com`.
        follow: how a list goes on, where a question says nothing else.
        facts: others that every question begins with.
    """

    def __init__(
        self,
        client: Client,
        system: str,
        *,
        follow: Follow = link_next,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.client, self.system = client, system
        self._follow, self._facts = follow, dict(facts or {})

    def observed(self, **more: object) -> Answer:
        """Return who is asked, and when; every question begins with it."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        facts = {"at": now, "system": self.system, **self._facts, **more}
        return Answer("observed", "clock", [canonical_json(facts)])

    def listed(
        self,
        name: str,
        request: Request,
        *,
        inside: tuple[str, ...] | None = None,
        absent: Mapping[str, str] | None = None,
        reduce: Callable[[bytes], bytes] | None = None,
        count: Callable[[Reply], Count] | None = None,
        follow: Follow | None = None,
        denied: Collection[int] = (),
    ) -> Iterator[Answer]:
        """Yield every page of a list.

        Args:
            name: of the answers.
            request: for the first page.
            inside: names that lead to the list on each page; a page without one is refused.
                None when a page may be anything.
            absent: words of the source by which it says that there is nothing -> what that means.
            reduce: takes out of a page what must not become evidence.
            count: see `pages`.
            follow: how it goes on, other than usual.
            denied: see `pages`.

        Raises:
            CallFailedError: the source did not answer to the end, or not as expected; or it no
                longer knows who asks.
        """
        follow = follow or self._follow
        found = pages(self.client, name, request, follow=follow, count=count, denied=denied)
        for answer in found:
            yield _read(answer, inside, absent or {}, reduce)

    def one(
        self,
        name: str,
        request: Request,
        *,
        absent: Mapping[str, str] | None = None,
        denied: Collection[int] = (),
    ) -> Answer:
        """Return the answer to a single question, see `listed`; its name has `page 1`."""
        found = pages(self.client, name, request, follow=lambda *_: None, denied=denied)
        return _read(next(found), None, absent or {}, None)


def values_of(answer: Answer, *inside: str) -> list[dict[str, Any]]:
    """Return the objects in an answer that `Api` gave: of its list, or itself.

    Args:
        answer: as it was given; its bytes may be read again.
        inside: names that lead to the list.
    """
    if answer.refused or answer.absent:
        return []
    found = _inside(json.loads(b"".join(answer.body)), inside)
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, dict)]


def _read(
    answer: Answer,
    inside: tuple[str, ...] | None,
    absent: Mapping[str, str],
    reduce: Callable[[bytes], bytes] | None,
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
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise CallFailedError(f"{answer.name}: the answer is not whole JSON") from error
    if inside is not None and not isinstance(_inside(found, inside), list):
        where = f" in {'.'.join(inside)}" if inside else ""
        raise CallFailedError(f"{answer.name}: the answer holds no list{where}")
    return Answer(answer.name, answer.asked, [reduce(body) if reduce else body])


def _inside(found: Any, inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON
    for step in inside:
        found = found.get(step) if isinstance(found, dict) else None
    return found
