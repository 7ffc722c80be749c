"""A drop of files on an SFTP server, where a payroll or a device manager leaves its lists.

Whoever uploads and whoever collects know nothing of each other.  So a file that is still changing
waits for the next run, and one that is read is read twice: it counts when both are the same.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.folder import Files, place_of
from reperform.connectors.openssh.line import opened
from reperform.connectors.openssh.place import PORT, Host, host_of, user_flaw
from reperform.connectors.openssh.sftp import Entry, Sftp, SftpRefusedError, session
from reperform.connectors.settings import Access

_SETTLED = 60
"""Seconds for which a file must not have changed, by the clocks of both sides."""
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".uploading", ".crdownload", "~")


@dataclass(frozen=True, slots=True)
class _Address:
    host: Host
    user: str
    folder: str


def _read(text: str) -> _Address:
    """Return what `sftp://user@host:port/folder` names.

    Raises:
        ValueError: it names nothing.
    """
    parts = urlsplit(text)
    if parts.scheme != "sftp" or parts.query or parts.fragment or parts.password is not None:
        raise ValueError("is not as sftp://user@host/folder")
    user, folder = parts.username or "", unquote(parts.path, errors="strict")
    if user_flaw(user) or not folder.isprintable() or len(folder) < 2:  # noqa: PLR2004 - more than /
        raise ValueError("names no user, or no folder")
    named = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return _Address(host_of(f"{named}:{parts.port or PORT}"), user, folder.rstrip("/"))


def drop_flaw(text: str) -> str:
    """Return what is wrong with the address of a drop; empty when nothing is."""
    try:
        _read(text)
    except ValueError as error:
        return str(error)
    return ""


class Drop:
    """The files of a drop, while one is connected to it; see `Files`."""

    def __init__(self, title: str, folder: str, sftp: Sftp) -> None:
        self.title, self._folder, self._sftp = title, folder, sftp
        self._before: dict[str, Entry] = {}

    def names(self) -> list[str]:
        """Return the names of the files, sorted; hidden ones and folders are left out."""
        try:
            found = self._sftp.folder(self._folder)
        except SftpRefusedError as error:
            raise NotCollectedError(
                f"{self.title} was not read: {error}",
                why="A folder that is not listed could hold any number of files.",
                todo="check the folder, and that the user may list it, then collect again",
            ) from error
        self._before = {
            each.name.decode("utf-8", errors="backslashreplace"): each
            for each in found
            if each.is_file and not each.name.startswith(b".")
        }
        return sorted(self._before)

    def read(self, name: str, most: int) -> tuple[bytes, str]:
        """Return a file's bytes, and why they were not read: one of them is empty."""
        before = self._before[name]
        if why := _waits(name, before):
            return b"", why
        if before.size is not None and before.size > most:
            return b"", f"is larger than {most:,} bytes"
        path = self._folder.encode() + b"/" + before.name
        try:
            raw = self._sftp.read(path, most)
            if len(raw) > most:
                return b"", f"is larger than {most:,} bytes"
            again = hashlib.sha256(self._sftp.read(path, most)).digest()
            after = self._sftp.entry(path)
        except SftpRefusedError as error:
            return b"", str(error)
        is_same = (after.size, after.modified) == (before.size, before.modified)
        if not is_same or len(raw) != after.size or again != hashlib.sha256(raw).digest():
            return b"", "changed while it was read: it waits for the next run"
        return (raw, "") if raw else (b"", "is empty")

    def address(self, name: str) -> str:
        """Return where a file is from, as its answer says."""
        return f"{self.title}/{name}"


def _waits(name: str, entry: Entry) -> str:
    """Return why a file may still be being uploaded; empty when it is not."""
    if name.lower().endswith(_UNFINISHED):
        return "has the name of an upload that goes on: it waits for the next run"
    if entry.modified is not None and abs(time.time() - entry.modified) < _SETTLED:
        return f"changed within the last {_SETTLED} seconds: it waits for the next run"
    return ""


def title_of(access: Access) -> str:
    """Return what a question about a connection's files is of."""
    return access.text("drop") or place_of(access).title


@contextmanager
def reached(access: Access) -> Iterator[Files]:
    """Reach the files of a connection: of its drop, else its folder, else those that were brought.

    Raises:
        NotCollectedError: the drop is not reached, or not the server that is known.
    """
    title = access.text("drop")
    if not title:
        yield place_of(access)
        return
    address = _read(title)
    with opened(access, address.host, address.user) as line, session(line) as sftp:
        yield Drop(title, address.folder, sftp)
