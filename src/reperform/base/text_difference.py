"""What changed between two versions of a text, so that a person can read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s+|[^\s]+")
_ALIKE = 0.4
"""Two lines that have less in common are shown as one removed and one added."""
_MOST_LINES, _MOST_WORDS = 600, 1_500
"""What is longer is compared as a whole: finding the shortest difference takes time cubed."""


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line."""

    change: Change
    text: str


Line = tuple[Piece, ...]


def compare(before: str, after: str) -> list[Line]:
    """Return the lines of `after` with what was removed in its place, word by word.

    >>> [[(p.change.value, p.text) for p in line] for line in compare("we sell it", "we lend it")]
    [[('same', 'we '), ('removed', 'sell'), ('added', 'lend'), ('same', ' it')]]
    """
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > _MOST_LINES:
        return list(_replaced(old, new)) if old != new else [_same(line) for line in new]
    found: list[Line] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            found += [_same(line) for line in new[j1:j2]]
        else:
            found += _replaced(old[i1:i2], new[j1:j2])
    return found


def _same(line: str) -> Line:
    return (Piece(Change.SAME, line),)


def _replaced(old: list[str], new: list[str]) -> Iterator[Line]:
    pairs = len(old) == len(new)
    for removed, added in zip(old, new, strict=True) if pairs else ():
        yield from _line(removed, added)
    if not pairs:
        yield from ((Piece(Change.REMOVED, line),) for line in old)
        yield from ((Piece(Change.ADDED, line),) for line in new)


def _line(old: str, new: str) -> Iterator[Line]:
    if old == new:
        yield _same(new)
        return
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) <= _MOST_WORDS:
        matcher = SequenceMatcher(None, before, after)
        if matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE:
            yield tuple(_pieces(matcher, before, after))
            return
    yield (Piece(Change.REMOVED, old),)
    yield (Piece(Change.ADDED, new),)


def _pieces(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Piece]:
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(Change.SAME, "".join(after[j1:j2]))
            continue
        if i1 < i2:
            yield Piece(Change.REMOVED, "".join(before[i1:i2]))
        if j1 < j2:
            yield Piece(Change.ADDED, "".join(after[j1:j2]))
