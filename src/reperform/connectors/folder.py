"""Folders of this machine that somebody else fills: what lies in them, none left out."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reperform.connectors.answer import NotCollectedError, NotReadError
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.unpacked import Bounds, pieces_of


def names_below(folder: Path) -> list[str]:
    """Return the names of the files below a folder, sorted, with `/` between.

    Raises:
        NotCollectedError: it, or a folder in it, cannot be listed.
    """

    def refuse(error: OSError) -> None:
        raise NotCollectedError(
            f"{folder} was not read: {error.strerror}",
            why="A folder that is not listed could hold any number of files.",
            todo="let the user who collects read it, then collect again",
        ) from error

    found = []
    for place, _, names in os.walk(folder, onerror=refuse):
        for name in names:
            below = os.path.relpath(Path(place, name), folder)
            found.append(os.fsencode(below).decode("utf-8", errors="backslashreplace"))
    return sorted(found)


def read_within(path: Path, most: int) -> tuple[bytes, str]:
    """Return a file's bytes, and why they were not read: one of them is empty.

    Args:
        path: of an ordinary file; a link or a device is not read.
        most: bytes that it may have.
    """
    try:
        if path.is_symlink() or not path.is_file():
            return b"", "is not an ordinary file"
        if path.stat().st_size > most:
            return b"", _larger(most)
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        return b"", str(error.strerror)
    if len(raw) > most:
        return b"", _larger(most)
    return raw, "" if raw else "is empty"


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found.

    Attributes:
        size: bytes, when it was looked at.
        pieces: its bytes in order.  Iterating raises NotReadError when they cannot be read.
        refused: why it was not opened; empty when it was.
    """

    size: int = 0
    pieces: Iterable[bytes] = ()
    refused: str = ""


def find_within(path: Path, most: int) -> Found:
    """Return a file that is read when its pieces are taken, of whatever size.

    Args:
        path: of an ordinary file; a link or a device is not read.
        most: bytes that it may have.
    """
    try:
        if path.is_symlink() or not path.is_file():
            return Found(refused="is not an ordinary file")
        size = path.stat().st_size
    except OSError as error:
        return Found(refused=str(error.strerror))
    if not size:
        return Found(refused="is empty")
    return Found(size, _read(path)) if size <= most else Found(refused=_larger(most))


def _read(path: Path) -> Iterator[bytes]:
    try:
        yield from pieces_of(path.open("rb"))
    except OSError as error:
        raise NotReadError(str(error.strerror)) from error


def _larger(most: int) -> str:
    return f"is larger than {most:,} bytes"


BROUGHT = "files"
"""The setting that names the files which people brought to a connection."""


class Files(Protocol):
    """Files that lie somewhere."""

    @property
    def title(self) -> str:
        """What a question about it is of."""

    def names(self) -> list[str]:
        """Return the names of the files, sorted; hidden ones of a folder are left out.

        Raises:
            NotCollectedError: they cannot be listed.
        """

    def read(self, name: str, most: int) -> tuple[bytes, str]:
        """Return a file's bytes, and why they were not read: one of them is empty."""

    def address(self, name: str) -> str:
        """Return where a file is from, as its answer says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where files lie: a folder of this machine, or with the connection that they were brought to.

    Attributes:
        title: what a question about it is of.
        folder: None for files that were brought.
        brought: name -> reads that file.
    """

    title: str
    folder: Path | None
    brought: Mapping[str, Callable[[], bytes]]

    def names(self) -> list[str]:
        """Return the names of the files, sorted; hidden ones of a folder are left out.

        Raises:
            NotCollectedError: the folder cannot be listed; or nobody named one, or brought a file.
        """
        if self.folder is not None:
            return [name for name in names_below(self.folder) if "/." not in f"/{name}"]
        if not self.brought:
            raise NotCollectedError(
                "nothing was read: no folder is named, and no file was brought",
                why="A connection without a file says nothing, and not that there is nothing.",
                todo="name a folder in the settings, or bring files on the page Files",
            )
        return sorted(self.brought)

    def read(self, name: str, most: int) -> tuple[bytes, str]:
        """Return a file's bytes, and why they were not read: one of them is empty."""
        if self.folder is not None:
            return read_within(self.folder / name, most)
        raw = self.brought[name]()
        return (b"", _larger(most)) if len(raw) > most else (raw, "")

    def find(self, name: str, most: int) -> Found:
        """Return a file that is read when its pieces are taken, of whatever size."""
        if self.folder is not None:
            return find_within(self.folder / name, most)
        raw = self.brought[name]()
        return Found(len(raw), [raw]) if len(raw) <= most else Found(refused=_larger(most))

    def address(self, name: str) -> str:
        """Return where a file is from, as its answer says."""
        return str(self.folder / name) if self.folder is not None else f"{self.title}: {name}"


def place_of(access: Access) -> Place:
    """Return where the files of a connection lie: in its folder; else those that were brought."""
    folder = access.text("folder")
    if folder:
        return Place(folder, Path(folder), {})
    return Place(f"files of {access.reference}", None, access.files)


def brought_setting() -> Setting:
    """Return the setting that names the files which people brought."""
    return Setting(
        BROUGHT,
        "Files that were brought",
        "numbers of files, one a line; the page Files of the connection fills it, when no folder "
        "is named",
        SettingKind.LINES,
        is_required=False,
    )


_GIGABYTES, _TIMES = 20, 200
BOUNDS = Bounds(_GIGABYTES << 30, _TIMES)
"""What a file may be, and unpack to, where nobody says it."""


def bound_settings() -> tuple[Setting, ...]:
    """Return the settings that say how large a file may be, and unpack to."""
    return (
        Setting(
            "most_gigabytes",
            "Largest file",
            "gigabytes that a file may have, packed and unpacked; a larger one is refused by its "
            "name",
            SettingKind.NUMBER,
            is_required=False,
            default=str(_GIGABYTES),
        ),
        Setting(
            "most_times",
            "Tightest packing",
            "how many times its own size a large file may unpack to: logs pack ten to fifty times, "
            "what is made to fill a disk a thousand times",
            SettingKind.NUMBER,
            is_required=False,
            default=str(_TIMES),
        ),
    )


def bounds_of(access: Access) -> Bounds:
    """Return how large a file may be, and unpack to."""
    said = access.settings
    gigabytes, times = said.get("most_gigabytes"), said.get("most_times")
    return Bounds(int(gigabytes or _GIGABYTES) << 30, int(times or _TIMES))
