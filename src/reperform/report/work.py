"""The work folder of an examination from connections: one at a time for each organization."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reperform.base.refusal import RefusalError
from reperform.ledger.home import home

BUNDLED = ("inputs", "library", "evidence", "results", "ledger")
"""Folders whose every file belongs into the bundle."""


class ExaminationGoesOnError(RefusalError):
    """The organization is being examined already."""

    slug = "examination-goes-on"


@contextmanager
def work_folder(log: str) -> Iterator[Path]:
    """Hold an organization (by its log's name), and give an empty folder that is removed after.

    The system lets go of it when the process ends, however it ends.

    Raises:
        ExaminationGoesOnError: another process or thread holds it.
    """
    examinations = home() / "examinations"
    examinations.mkdir(parents=True, exist_ok=True)
    with (examinations / f"{log}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ExaminationGoesOnError(
                "nothing was examined: an examination of this organization goes on",
                why="Each says in the trail what the next one comes after.",
                todo="wait for it to end",
            ) from error
        work = examinations / f"{log}.work"
        shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
        for name in (*BUNDLED, "evidence/tables", "evidence/blobs", "results/items", "outputs"):
            (work / name).mkdir(parents=True, exist_ok=True)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def take_blob(source: Path, blobs: Path) -> None:
    """Put a blob among those of a bundle: its bytes are never changed, so a link will do."""
    target = blobs / source.name[:2] / source.name
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:  # another file system, or one that knows no links
        shutil.copyfile(source, target)


def files_below(work: Path, folders: tuple[str, ...] = BUNDLED) -> list[str]:
    """Return the paths of every file of the work folder's `folders`, relative to it, sorted."""
    paths = (path for folder in folders for path in (work / folder).rglob("*"))
    return sorted(path.relative_to(work).as_posix() for path in paths if path.is_file())
