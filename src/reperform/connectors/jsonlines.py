"""Log files of one JSON object a line, packed or not: in a folder, or as somebody brought them."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, Kept, NotCollectedError
from reperform.connectors.content import NotReadError, unpack
from reperform.connectors.folder import Place, brought_setting, place_of
from reperform.connectors.settings import Access, Setting, SettingKind

LARGEST = 256 << 20
"""Bytes that one file may have, packed and unpacked."""
_MOST_FILES = 5_000
_FILE, _END = "file ", "end of "
_CUT = "ends in the middle of a line: what came after it was not there yet, or is lost"

Flaw = Callable[[Mapping[str, Any]], str]
"""The object of a line -> why it is none of this log's; empty when it is."""


@dataclass(frozen=True, slots=True)
class Line:
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


def ask(access: Access, flaw: Flaw, **facts: str) -> Iterator[Answer]:
    """Yield `observed` with the facts, then each file: whole, cut in its last line, or refused."""
    place = place_of(access)
    names = names_of(place)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    yield Answer("observed", "clock, settings", [canonical_json({"at": now, **facts})])
    for name in names:
        raw, refused = place.read(name, LARGEST)
        is_cut = False
        if not refused:
            try:
                is_cut = _read(raw, flaw)
            except NotReadError as error:
                refused = str(error)
        if refused:
            yield Answer(f"{_FILE}{name}", place.address(name), refused=refused)
            continue
        yield Answer(f"{_FILE}{name}", place.address(name), [raw])
        if is_cut:
            yield Answer(f"{_END}{name}", place.address(name), refused=_CUT)


def _read(raw: bytes, flaw: Flaw) -> bool:
    """Return whether the last line is cut; refuse a file with a line that is none of the log's."""
    content, is_cut = _whole_lines(unpack(raw, most=LARGEST))
    count = 0
    for number, line in enumerate(_lines(content), start=1):
        count = number
        if why := flaw(line.value):
            raise NotReadError(f"holds as its object {number:,} one that {why}")
    if not count:
        raise NotReadError("holds no whole line")
    return is_cut


def _whole_lines(content: bytes) -> tuple[bytes, bool]:
    """Return the content up to its last whole line, and whether something follows it."""
    head, _, tail = content.rpartition(b"\n")
    if not tail.strip():
        return content, False
    try:
        json.loads(tail)
    except (ValueError, RecursionError):
        return head, True
    return content, False


def _lines(content: bytes) -> Iterator[Line]:
    at = 0
    for number, raw in enumerate(content.split(b"\n"), start=1):
        if raw.strip():
            try:
                value = json.loads(raw)
            except RecursionError as error:
                raise NotReadError(f"is nested too deep in line {number:,}") from error
            except ValueError as error:
                raise NotReadError(f"is not JSON in line {number:,}: {error}") from error
            if not isinstance(value, dict):
                raise NotReadError(f"holds no object in line {number:,}")
            yield Line(at, raw.strip(), value)
        at += len(raw) + 1


def lines_of(answers: Sequence[Kept]) -> Iterator[tuple[Kept, Line]]:
    """Yield each line of the kept files once: files that were rotated repeat each other."""
    seen: set[bytes] = set()
    for kept in answers:
        if not kept.blob or not kept.name.startswith(_FILE):
            continue
        with kept.open() as file:
            raw = file.read()
        content, _ = _whole_lines(unpack(raw, most=LARGEST))
        for line in _lines(content):
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
