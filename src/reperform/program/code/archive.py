"""A program's folder as one ZIP: the same bytes for the same files; read as what it is, hostile.

Nothing is unpacked to disk.  What a ZIP says of itself is checked before anything is read, and what
comes out is counted while it comes.
"""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.program.code.write import LOCK

LARGEST_ARCHIVE = 10_000_000
"""Bytes of the ZIP."""
_LARGEST_UNPACKED = 50_000_000
_MOST_ENTRIES = 20_000
_TOP = "program/"
_SUFFIXES = (".md", ".yaml", ".yml")
_DAY = (1980, 1, 1, 0, 0, 0)
"""The earliest that a ZIP can say: files have no time of their own."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(KeyError, ValueError, IndexError, OverflowError, TypeError, AttributeError),
)
"""What reading a damaged ZIP meets."""


class ArchiveRefusedError(RefusalError):
    """A file is no ZIP of a program."""

    slug = "program-archive"

    def __init__(self, what: str, todo: str) -> None:
        """Say what is wrong with it."""
        super().__init__(
            f"the ZIP was not read: {what}",
            why="A file that is not what it seems could take the server's memory, or its place.",
            todo=todo,
        )


def zip_program(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP with one folder; the same files give the same bytes.

    They are stored, not compressed: what a compressor makes differs from one version to the next.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(f"{_TOP}{path}", _DAY)
            info.create_system, info.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, files[path])
    return made.getvalue()


def unzip_program(raw: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP by path below the program's folder.

    A single folder around everything is left out, as packing programs make one.  Only files that a
    program could have are read.

    Raises:
        ArchiveRefusedError: it is no ZIP, it is too large or would unpack to too much, or an entry
            is not a plain file inside of it.
    """
    if len(raw) > LARGEST_ARCHIVE:
        raise ArchiveRefusedError(
            f"it is larger than {LARGEST_ARCHIVE:,} bytes", "pack the program's folder only"
        )
    if not raw.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise ArchiveRefusedError("it is no ZIP", "bring the program's folder as a ZIP")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return _files(archive)
    except _BROKEN as error:
        raise ArchiveRefusedError("it is damaged", "pack the folder again") from error


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise ArchiveRefusedError(
            f"it has more than {_MOST_ENTRIES:,} entries", "pack the program's folder only"
        )
    _refuse_overlap(entries)
    for entry in entries:
        _refuse_entry(entry)
    if sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise ArchiveRefusedError(
            f"it would unpack to more than {_LARGEST_UNPACKED:,} bytes",
            "pack the program's folder only",
        )
    named = {entry.filename: entry for entry in entries if not entry.is_dir()}
    if len(named) < sum(not entry.is_dir() for entry in entries):
        raise ArchiveRefusedError("it has two entries of one name", "pack the folder again")
    kept = {path: entry for path, entry in named.items() if not path.startswith("__MACOSX/")}
    top = _top_of(list(kept))
    files = {
        path.removeprefix(top): _content(archive, entry)
        for path, entry in kept.items()
        if path.removeprefix(top) == LOCK or path.lower().endswith(_SUFFIXES)
    }
    if not files:
        raise ArchiveRefusedError("it has no file of a program", "pack the program's folder")
    return files


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    said = visible(name, limit=80)
    parts = name.rstrip("/").split("/")
    is_outside = name.startswith("/") or _DRIVE.match(name) or "\\" in name or "\x00" in name
    if is_outside or any(part in ("", ".", "..") for part in parts):
        raise ArchiveRefusedError(f"the entry {said} leads elsewhere", "pack the folder again")
    mode = entry.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveRefusedError(f"the entry {said} is a link", "put the file itself there")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        todo = "pack the folder again, without a password"
        raise ArchiveRefusedError(f"the entry {said} is packed in a way that we do not read", todo)


def _refuse_overlap(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse entries that share bytes: so a few of them would unpack to anything."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise ArchiveRefusedError("entries of it overlap", "pack the folder again")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return an entry's bytes; no more are read than it says that it has."""
    with archive.open(entry) as file:
        content = file.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise ArchiveRefusedError(
            f"the entry {visible(entry.filename, limit=80)} has another size than it says",
            "pack the folder again",
        )
    return content


def _top_of(paths: Sequence[str]) -> str:
    """Return the one folder that is around a program's files; empty for none."""
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) != 1:
        return ""
    top = f"{next(iter(tops))}/"
    below = [path.removeprefix(top) for path in paths]
    # A register's folder alone is none: its documents have no YAML file beside them.
    return top if any("/" not in path and not path.endswith(".md") for path in below) else ""
