"""Folders of this machine that somebody else fills: what lies in them, none left out."""

import os
from pathlib import Path

from reperform.connectors.answer import NotCollectedError


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
            return b"", f"is larger than {most:,} bytes"
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        return b"", str(error.strerror)
    if len(raw) > most:
        return b"", f"is larger than {most:,} bytes"
    return raw, "" if raw else "is empty"
