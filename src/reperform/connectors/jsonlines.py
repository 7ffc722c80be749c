"""Log files of one JSON object a line, packed or not: in a folder, or as somebody brought them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, Kept, NotCollectedError, NotReadError
from reperform.connectors.folder import (
    Place,
    bound_settings,
    bounds_of,
    brought_setting,
    place_of,
)
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.streamed import Content, lines, value_of
from reperform.connectors.unpacked import checked, pieces_of, unpacked

_MOST_FILES = 5_000
_FILE, _END = "file ", "end of "
_CUT = "ends in the middle of a line: what came after it was not there yet, or is lost"

Flaw = Callable[[Mapping[str, Any]], str]
"""The object of a line -> why it is none of this log's; empty when it is."""


class Line(NamedTuple):
    """One object, the bytes of its line, and where they begin in the unpacked file."""

    at: int
    raw: bytes
    value: Mapping[str, Any]


def settings(what: str) -> tuple[Setting, ...]:
    """Return the settings of a connector of such files; `what` names them."""
    title, say = "Folder of the files", f"absolute path of a folder that holds {what}, nothing else"
    return (
        Setting("folder", title, say, SettingKind.PATH, is_required=False),
        brought_setting(),
        *bound_settings(),
    )


def names_of(place: Place) -> list[str]:
    """Return the names of the files.

    Raises:
        NotCollectedError: there is none, or there are more than anybody would put there.
    """
    names = place.names()
    if not names or len(names) > _MOST_FILES:
        what = f"it holds more than {_MOST_FILES:,} files" if names else "it holds no file"
        raise NotCollectedError(
            f"{place.title} was not read: {what}",
            why="An empty folder is no log in which nothing happened.",
            todo="look whether what should fill the folder did, then collect again",
        )
    return names


def ask(access: Access, flaw: Flaw, *, most: int | None = None, **facts: str) -> Iterator[Answer]:
    """Yield `observed` with the facts, then each file: whole, cut in its last line, or refused.

    Args:
        access: names the files, and how large they may be.
        flaw: see `Flaw`.
        most: bytes that a file may have, packed and unpacked, of a log that has to be held whole.
        facts: for `observed`.
    """
    place, bounds = place_of(access), bounds_of(access)
    if most is not None:
        bounds = replace(bounds, most=min(bounds.most, most))
    names = names_of(place)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    yield Answer("observed", "clock, settings", [canonical_json({"at": now, **facts})])
    for name in names:
        title, address = f"{_FILE}{name}", place.address(name)
        found = place.find(name, bounds.most)
        if found.refused:
            yield Answer(title, address, refused=found.refused)
            continue
        file = _File()
        body = checked(found.pieces, partial(file.checked, flaw), bounds)
        yield Answer(title, address, body, size=found.size)
        if file.is_cut:
            yield Answer(f"{_END}{name}", address, refused=_CUT)


class _File:
    """The lines of one file.

    Attributes:
        is_cut: it was read to its end, and its last line is not whole.
    """

    def __init__(self) -> None:
        self.is_cut = False

    def lines(self, pieces: Iterator[bytes]) -> Iterator[Line]:
        """Yield the object of each line; a last one that is cut is left out."""
        content = Content(pieces)
        for number, at, raw in lines(content):
            try:
                value = value_of(raw)
            except ValueError as error:
                if content.is_ended and not content.held and content.at == at + len(raw):
                    self.is_cut = True  # nothing ends this line
                    return
                what = f"is not JSON in line {number:,}, at byte {at:,}: {error}"
                raise NotReadError(what) from error
            if not isinstance(value, dict):
                raise NotReadError(f"holds no object in line {number:,}, at byte {at:,}")
            yield Line(at if content.is_exact else 0, raw.strip(), value)

    def checked(self, flaw: Flaw, pieces: Iterator[bytes]) -> Iterator[Line]:
        """Yield the same; refuse a file without a line, or with one that is none of the log's."""
        count = 0
        for count, line in enumerate(self.lines(pieces), start=1):
            if why := flaw(line.value):
                what = f"holds as its object {count:,}, at byte {line.at:,}, one that {why}"
                raise NotReadError(what)
            yield line
        if not count:
            raise NotReadError("holds no whole line")


def lines_of(answers: Sequence[Kept]) -> Iterator[tuple[Kept, Line]]:
    """Yield each line of the kept files; files that were rotated repeat each other's."""
    for kept in answers:
        if kept.blob and kept.name.startswith(_FILE):
            for line in _File().lines(unpacked(pieces_of(kept.open()))):
                yield kept, line


def once(found: Iterable[tuple[Kept, Line]]) -> Iterator[tuple[Kept, Line]]:
    """Yield each line once, for a log that has to be held whole: a digest of each is remembered.

    Whoever can name the events of a log gives `Row.event` instead.
    """
    seen: set[bytes] = set()
    for kept, line in found:
        digest = hashlib.sha256(line.raw).digest()
        if digest not in seen:
            seen.add(digest)
            yield kept, line


def refused_of(answers: Sequence[Kept]) -> str:
    """Return which files were not read, and why; empty when all were."""
    return "; ".join(f"{each.name}: {each.refused}" for each in answers if each.refused)


def inside(value: object, *keys: str) -> Any:  # noqa: ANN401 - JSON
    """Return what lies deep in JSON objects; None when it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def whole(value: object) -> int | None:
    """Return a number that a table can hold; None when it is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if abs(value) < 1 << 63 else None
