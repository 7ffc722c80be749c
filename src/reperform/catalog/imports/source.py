"""Reads a user's file: only a regular one, only so many bytes, without ever waiting."""

import codecs
import os
import stat
from pathlib import Path

from reperform.base.problem import Problem
from reperform.catalog.imports.unreadable import UnreadableError

LARGEST = 16_000_000
"""Bytes of all files of one catalog.  The 61 criteria in full have about 100,000."""

SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".tsv")
_MOST_FILES = 500
_MOST_SEEN = 20_000

_STAND_IN = "\u00bf"
"""Means nothing in YAML, JSON or CSV."""

_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_source(path: Path, *, where: str, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file.

    Opening does not block, so a named pipe or a device is refused and not waited for.

    Raises:
        UnreadableError: it is not there, not a regular file, too large, or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadableError(
                    where, "is not a regular file", todo="save the catalog to a file"
                )
            if status.st_size > largest:
                raise _too_large(where, largest)
            raw = _read(file.fileno(), largest + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(where, f"was not read: {reason}", todo="name a file") from error
    if len(raw) > largest:
        raise _too_large(where, largest)
    return raw


def _read(descriptor: int, most: int) -> bytes:
    parts, size = [], 0
    while size < most and (part := os.read(descriptor, most - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _too_large(where: str, largest: int) -> UnreadableError:
    together = " together with the files before it" if largest < LARGEST else ""
    return UnreadableError(
        where,
        f"is larger than {LARGEST:,} bytes{together}",
        todo="keep only the criteria or controls in it",
    )


def decoded(raw: bytes, *, where: str) -> tuple[str, list[Problem]]:
    """Return the text, and what is wrong with its encoding.

    What is not UTF-8 is read as an inverted question mark, so that the rest can be checked too.

    Raises:
        UnreadableError: it is not text at all, or in a wide encoding.
    """
    for mark, name in _WIDE_MARKS.items():
        if raw.startswith(mark):
            raise UnreadableError(where, f"is {name}", todo="save it as UTF-8")
    if b"\x00" in raw:
        place = f"{where}: byte {raw.index(0):,}"
        raise UnreadableError(place, "holds a zero byte: it is not text", todo="save it as text")
    problems = []
    if raw.startswith(codecs.BOM_UTF8):
        raw = raw.removeprefix(codecs.BOM_UTF8)
        what, todo = "begins with a byte order mark", "save it as UTF-8 without one"
        problems.append(Problem(f"{where}: line 1", what, todo, "text-encoding"))
    try:
        return raw.decode(), problems
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"byte {raw[error.start]:#04x} is not UTF-8"
        todo = "save it as UTF-8 and check this place"
        problems.append(Problem(f"{where}: line {line}", what, todo, "text-encoding"))
        return raw.decode(errors="replace").replace("\ufffd", _STAND_IN), problems


def catalog_files(folder: Path) -> list[Path]:
    """Return the files of a folder that could hold a catalog, sorted; links are not followed.

    Raises:
        UnreadableError: there is none, there are too many, or a folder cannot be listed.
    """
    found: list[Path] = []
    seen = 0

    def refuse(error: OSError) -> None:
        raise UnreadableError(
            str(error.filename), f"was not listed: {error.strerror}", todo="name the file itself"
        ) from error

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        seen += len(folders) + len(names)
        found += [
            Path(root, name)
            for name in names
            if name.lower().endswith(SUFFIXES) and not name.startswith(".")
        ]
        if seen > _MOST_SEEN or len(found) > _MOST_FILES:
            raise UnreadableError(
                str(folder), "holds too many files to be a catalog", todo="name the file itself"
            )
    if not found:
        what = f"holds no file that ends in {', '.join(SUFFIXES)}"
        raise UnreadableError(str(folder), what, todo="name a file or a folder that has one")
    return sorted(found)
