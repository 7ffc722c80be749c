"""Reading the JSON that a source said over HTTP, for shaping."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from reperform.connectors.answer import Kept, Row
from reperform.connectors.kept import json_of, said

_TICKET = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6}\b")
_LONGEST_SEARCHED = 20_000


class Said:
    """Kept answers, and who was asked when."""

    def __init__(self, answers: Sequence[Kept]) -> None:
        self.answers = answers
        kept = next((each for each in answers if each.name == "observed" and each.blob), None)
        facts = json_of(kept) if kept else None
        self.facts: dict[str, Any] = facts if isinstance(facts, dict) else {}
        self.told = {"system": self.facts.get("system"), "observed_at": self.facts.get("at")}
        self._pages: dict[str, list[Kept]] = {}
        for answer in answers:
            self._pages.setdefault(answer.name.partition(" page ")[0], []).append(answer)

    def each(self, name: str, *inside: str) -> Iterator[tuple[Kept, dict[str, Any]]]:
        """Yield the objects of an answer's pages, with the answer that holds them.

        Args:
            name: of the answer, without the page.
            inside: names that lead to the list, when a page is not the list itself.
        """
        for kept in self._pages.get(name, ()):
            if not kept.blob:
                continue
            found = of(json_of(kept), *inside)
            for one in found if isinstance(found, list) else [found]:
                if isinstance(one, dict):
                    yield kept, one

    def once(self, name: str, key: str, *inside: str) -> Iterator[tuple[Kept, dict[str, Any]]]:
        """Yield the same, each value of `key` once: equal ids are one thing."""
        seen: set[str] = set()
        for kept, one in self.each(name, *inside):
            uid = str(one.get(key))
            if key not in one or uid not in seen:
                seen.add(uid)
                yield kept, one

    def has(self, name: str) -> bool:
        """Return whether a question was answered, or shown to have no object."""
        return any(each.blob or each.absent for each in self._pages.get(name, ()))

    def is_absent(self, name: str) -> bool:
        """Return whether the source said that there is nothing of the kind."""
        return any(each.absent for each in self._pages.get(name, ()) if each.name == name)

    def names(self, beginning: str) -> list[str]:
        """Return what stands after `beginning` in the names of answers, once each, in order."""
        found = (name for name in self._pages if name.startswith(beginning))
        return [name.removeprefix(beginning) for name in found]

    def row(self, table: str, kept: Kept, **values: Any) -> Row:  # noqa: ANN401 - JSON values
        """Return a row of a state, with system and time."""
        return Row(table, {**self.told, **values}, kept.blob, 0)

    def event(self, table: str, kept: Kept, **values: Any) -> Row:  # noqa: ANN401 - JSON values
        """Return a row of what happened, with the system."""
        return Row(table, {"system": self.told["system"], **values}, kept.blob, 0)


def of(values: Any, *path: str) -> Any:  # noqa: ANN401 - JSON values
    """Return what lies at a path of names; None when nothing does."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def objects(values: object) -> list[dict[str, Any]]:
    """Return the objects of a list; none when it is no list."""
    found = values if isinstance(values, list) else []
    return [each for each in found if isinstance(each, dict)]


def lower(value: object) -> str | None:
    """Return an address of e-mail, or another name without case, in lower case."""
    return said(value.strip().lower()) if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """Return a whole number that a table can hold; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 1 << 63 else None


def truth(value: object) -> bool | None:
    """Return a yes or no; None when it is neither."""
    return value if isinstance(value, bool) else None


def ticket_in(*texts: object) -> str | None:
    """Return the first reference to a ticket in texts, as `OPS-7`; None when there is none."""
    for text in texts:
        found = _TICKET.search(text[:_LONGEST_SEARCHED]) if isinstance(text, str) else None
        if found:
            return found[0]
    return None
