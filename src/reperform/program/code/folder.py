"""A program's folder on disk: read without following anything, written so that no edit is lost."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from reperform.base.refusal import RefusalError
from reperform.base.visible import visible
from reperform.ledger.durable import write_whole
from reperform.program.code import Kind, digest
from reperform.program.code.parse import LARGEST
from reperform.program.code.plan import Plan
from reperform.program.code.write import LOCK

MOST_FILES = 50_000
LARGEST_FILE = 4 * LARGEST
"""Bytes: a character has four at most."""
_SUFFIXES = (".md", ".yaml", ".yml")
_MOST_NAMED = 10


class FolderRefusedError(RefusalError):
    """A folder cannot be read as a program, or would lose something by being written."""

    slug = "program-folder"


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a program's folder by path below it, with slashes.

    What begins with a dot is left out, the lock excepted, and so is what ends neither in `.md` nor
    in `.yaml` or `.yml`.

    Raises:
        FolderRefusedError: it is no folder, it has a link or too many files in it, or a file is
            not a regular one, too large, or cannot be read.
    """
    if not folder.is_dir():
        raise _refused(f"{folder} is no folder", "name a folder that `reperform export` wrote")
    found: dict[str, bytes] = {}
    for root, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(root, name).is_symlink():
                raise _refused(f"{Path(root, name)} is a link", "put the files themselves there")
        for name in sorted(names):
            path = Path(root, name)
            below = path.relative_to(folder).as_posix()
            is_lock = below == LOCK
            if is_lock or (not name.startswith(".") and name.lower().endswith(_SUFFIXES)):
                found[below] = _read(path)
            if len(found) > MOST_FILES:
                raise _refused(f"{folder} has more than {MOST_FILES:,} files", "name another one")
    return found


def _raise(error: OSError) -> None:
    raise _refused(f"{error.filename} was not listed: {error.strerror}", "name another folder")


def _read(path: Path) -> bytes:
    """Return a regular file's bytes; opening neither follows a link nor waits for anybody."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise _refused(f"{path} is no regular file", "put a file there")
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        what = f"{path} was not read: {error.strerror or error}"
        raise _refused(what, "put a regular file there, and no link") from error
    if len(raw) > LARGEST_FILE:
        raise _refused(f"{path} is larger than {LARGEST_FILE:,} bytes", "make it smaller")
    return raw


def edits(plan: Plan, lock: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a folder says that neither its lock nor the program knows: names, and places.

    Args:
        plan: what applying the folder's files would do.
        lock: digests of what was taken out.
    """
    changes = (change.item for change in plan.changes)
    names = [item.name for item in changes if lock.get(item.name) != digest(item.content)]
    return (*names, *(problem.where for problem in plan.problems))


def write_folder(
    folder: Path,
    files: Mapping[str, bytes],
    kinds: Sequence[Kind],
    *,
    before: Mapping[str, bytes],
    edited: Sequence[str],
) -> tuple[str, ...]:
    """Write a program's files, each whole; return the paths that changed.

    What was taken out before and is no more goes.  Files of others are left alone.

    Args:
        folder: new, empty, or one that was written before.
        files: by path below it.
        kinds: every register that there is.
        before: what `read_folder` says of it; nothing for a new one.
        edited: what would be lost, see `edits`.

    Raises:
        FolderRefusedError: it has other things in it, or edits that were not applied.
        OSError: it cannot be written; files that were written are whole.
    """
    if folder.exists() and LOCK not in before and any(folder.iterdir()):
        raise _refused(
            f"{folder} has other files in it, and no program that was taken out",
            "name a new or an empty folder",
        )
    if edited:
        named = ", ".join(edited[:_MOST_NAMED]) + (" and more" if edited[_MOST_NAMED:] else "")
        raise _refused(
            f"{folder} has edits that were not applied: {visible(named)}",
            "apply them, or say with --replace that they may be lost",
        )
    changed = [path for path in files if path != LOCK and before.get(path) != files[path]]
    for path in changed:
        write_whole(folder / path, files[path])
    gone = [path for path in sorted(before) if path not in files and _is_ours(path, kinds)]
    for path in gone:
        (folder / path).unlink()
    # Last: a lock that is newer than its files would let an old one undo what is new.
    if before.get(LOCK) != files[LOCK]:
        write_whole(folder / LOCK, files[LOCK])
    return tuple(sorted((*changed, *gone)))


def _is_ours(path: str, kinds: Sequence[Kind]) -> bool:
    return any(kind.is_folder and path.startswith(kind.path) for kind in kinds)


def _refused(what: str, todo: str) -> FolderRefusedError:
    return FolderRefusedError(
        what, why="Files are taken as they stand in one folder, all of them.", todo=todo
    )
