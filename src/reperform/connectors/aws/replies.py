"""Reading AWS's answers, for shaping: XML and JSON become plain values, whatever they hold."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import json_of, said

_DEEPEST = 40
_MOST_SECONDS = 253_402_300_799
"""The last second of year 9999."""


@dataclass(frozen=True, slots=True)
class Page:
    """One kept page.

    Attributes:
        kept: the answer.
        raw: its bytes.
        values: what it says: objects, lists and texts; an empty object when it cannot be read.
    """

    kept: Kept
    raw: bytes
    values: Any

    def row(self, table: str, found: str | None, **values: Any) -> Row:  # noqa: ANN401 - JSON values
        """Return a row that is read from where the text `found` stands in the page."""
        at = self.raw.find(found.encode("utf-8", errors="replace")) if found else 0
        return Row(table, values, self.kept.blob, max(at, 0))


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked, and when, as the answer `observed` says.

    Attributes:
        account: number of the account; empty when nobody said.
        region: where; empty for what has none.
        told: the columns `system` and `observed_at` of every row.
    """

    account: str
    region: str
    told: dict[str, Any]


def asked_of(answers: Sequence[Kept]) -> Asked:
    """Return who was asked, and when."""
    facts = next((json_of(kept) for kept in answers if kept.name == "observed" and kept.blob), None)
    account = said(inside(facts, "account"))
    system = f"aws {account}" if account else None
    told = {"system": system, "observed_at": said(inside(facts, "at"))}
    return Asked(account or "", said(inside(facts, "region")) or "", told)


def pages(answers: Sequence[Kept], name: str) -> Iterator[Page]:
    """Yield the pages of a call, such as `iam.GetAccountSummary`, in every region."""
    for kept in answers:
        if kept.blob and kept.name.startswith(f"{name} "):
            with kept.open() as file:
                raw = file.read()
            yield Page(kept, raw, read(raw))


def empty(answers: Sequence[Kept], call: str, listed: str) -> list[Page]:
    """Return the page of a call that was answered with an empty list: a region has none."""
    found = list(pages(answers, call))
    is_there = any(inside(page.values, listed) for page in found)
    return [] if is_there else found[:1]


def read(raw: bytes) -> Any:  # noqa: ANN401 - JSON values
    """Return what the bytes of a page say; an empty object when they are neither XML nor JSON."""
    found = _read(raw)
    return {} if found is None else found


def is_whole(raw: bytes) -> bool:
    """Return whether a page is XML or JSON to its end.

    AWS's client library takes a page of JSON that is cut off for an empty one.
    """
    return _read(raw) is not None


def _read(raw: bytes) -> Any:  # noqa: ANN401 - JSON values
    try:
        if raw.lstrip()[:1] == b"<":
            return _value(fromstring(raw), 0)
        return json.loads(raw)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return None


def _value(element: Element, depth: int) -> Any:  # noqa: ANN401 - JSON values
    """Return an element as an object, a list (of `member` or `item`), or a text.

    An element that is repeated becomes a list too; `each` reads both.
    """
    if depth > _DEEPEST:
        return {}
    children = [(child.tag.rpartition("}")[2], child) for child in element]
    if not children:
        return element.text or ""
    if all(tag in ("member", "item") for tag, _ in children):
        return [_value(child, depth + 1) for _, child in children]
    found: dict[str, Any] = {}
    for tag, child in children:
        value = _value(child, depth + 1)
        if tag not in found:
            found[tag] = value
        elif isinstance(found[tag], list):
            found[tag].append(value)
        else:
            found[tag] = [found[tag], value]
    return found


def inside(values: Any, *path: str) -> Any:  # noqa: ANN401 - JSON values
    """Return what lies at a path of names; None when nothing does."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def each(values: Any, *path: str) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON values
    """Return the objects of a list at a path; one object alone is a list of it."""
    found = inside(values, *path)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, dict)]


def texts(values: Any, *path: str) -> list[str]:  # noqa: ANN401 - JSON values
    """Return the texts of a list at a path; one text alone is a list of it."""
    found = inside(values, *path)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, str) and one]


def truth(value: object) -> bool | None:
    """Return a yes or no of XML or JSON; None when it is neither.

    >>> truth("true"), truth(False), truth("TRUE"), truth("maybe")
    (True, False, True, None)
    """
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def number(value: object) -> int | None:
    """Return a whole number of XML or JSON that a table can hold; None when it is none."""
    if isinstance(value, bool):
        return None
    try:
        found = int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 1 << 63 else None


def at_seconds(seconds: object) -> str | None:
    """Return seconds since 1970 as a timestamp; None when they are not, or no calendar has them."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 < seconds <= _MOST_SECONDS:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
