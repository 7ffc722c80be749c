"""Reports of one tool on one target follow each other: what the newest does not name has ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reperform.connectors.reports.found import Component, Finding
from reperform.connectors.reports.reading import Told


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding, or a component, as the last report that names it has it.

    Attributes:
        item: what it is.
        told: the last report that names it.
        first_at: when the oldest report that names it was made; None when nobody knows.
        gone: the first report after it that does not name it; None while it is current.
    """

    item: Any
    told: Told
    first_at: str | None
    gone: Told | None


@dataclass(slots=True)
class Followed:
    """What reports say once they follow each other.

    Attributes:
        seen: each thing once, in the order of its reports.
        newest: positions of the reports that no newer one of tool and target follows.
        repeated: position of a report -> how much of it was said before.
    """

    seen: list[Seen] = field(default_factory=list)
    newest: set[int] = field(default_factory=set)
    repeated: dict[int, int] = field(default_factory=dict)


def follow(found: Sequence[Told], kind: type[Finding] | type[Component]) -> Followed:
    """Return what the reports say of findings or of components.

    Only reports that say what they looked at, and when, can follow each other; any other stands
    for itself, and ends nothing.
    """
    groups: dict[object, list[int]] = {}
    for at, told in enumerate(found):
        groups.setdefault(told.source or (at,), []).append(at)
    result = Followed()
    for places in groups.values():
        places.sort(key=lambda at: (found[at].made_at or "", found[at].file))
        _one(found, places, kind, result)
    return result


def _one(
    found: Sequence[Told],
    places: Sequence[int],
    kind: type[Finding] | type[Component],
    result: Followed,
) -> None:
    first: dict[object, str | None] = {}
    last: dict[object, tuple[Any, int]] = {}
    newest = found[places[-1]].made_at
    for at in places:
        said: set[object] = set()
        for item in found[at].report.items:
            if not isinstance(item, kind):
                continue
            key = item.key
            if key in said or _is_copy(found, last.get(key), at):
                result.repeated[at] = result.repeated.get(at, 0) + 1
            said.add(key)
            first.setdefault(key, found[at].made_at)
            last[key] = (item, at)
        if found[at].made_at == newest:
            result.newest.add(at)
    for known, (item, at) in last.items():
        gone = _after(found, places, at)
        result.seen.append(Seen(item, found[at], first[known], gone))


def _is_copy(found: Sequence[Told], known: tuple[Any, int] | None, at: int) -> bool:
    """Return whether a thing was said by another copy of the same report."""
    return known is not None and known[1] != at and found[known[1]].made_at == found[at].made_at


def _after(found: Sequence[Told], places: Iterable[int], at: int) -> Told | None:
    """Return the first report that was made after another."""
    made_at = found[at].made_at
    later = (found[place] for place in places if (found[place].made_at or "") > (made_at or ""))
    return next(later, None)
