"""The work folder of one run: everything is whole here before anything appears beside it."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reperform.base.refusal import RefusalError
from reperform.evidence.blobs import BlobStore
from reperform.ledger.tiles import tree_files

HIDDEN = ".reperform"
OUTPUTS = ("report.pdf", "report.html", "gap.pdf", "gap.html", "results.json", "bundle.zip")
_FINISHED = "finished"


class OutFolderError(RefusalError):
    """The folder cannot take the outputs."""

    slug = "out-folder"


@dataclass(frozen=True, slots=True)
class Workspace:
    """Folders of one run below `OUT/.reperform`.

    Attributes:
        out: where the outputs go in the end.
        is_continued: an earlier run in the same folder was stopped before its end.
    """

    out: Path
    is_continued: bool

    @property
    def folder(self) -> Path:
        """The work folder; the bundle's paths are relative to it."""
        return self.out / HIDDEN

    @property
    def ledger(self) -> Path:
        """The log's folder."""
        return self.folder / "ledger"

    @property
    def blobs(self) -> BlobStore:
        """The blob store."""
        return BlobStore(self.folder / "evidence" / "blobs")

    def fresh(self, name: str) -> Path:
        """Return the folder `name`, emptied: what is computed again is not mixed with the old."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def bundled(self, ledger_size: int) -> list[str]:
        """Return the paths of every file that belongs into the bundle.

        Of the ledger, the files that a log of `ledger_size` entries is verified from: tiles of
        earlier, shorter heads stay behind.
        """
        folders = ("inputs", "library", "evidence", "results")
        files = [
            path
            for folder in folders
            for path in (self.folder / folder).rglob("*")
            if path.is_file() and not path.name.startswith("incoming-")
        ]
        log = ("verifier.key", "checkpoint", *tree_files(ledger_size))
        files += [self.ledger / name for name in log]
        return [path.relative_to(self.folder).as_posix() for path in files]

    def publish(self) -> None:
        """Move the outputs out of the work folder and remove it.

        A kill in between leaves the work folder, by which the next run knows.
        """
        for name in OUTPUTS:
            (self.folder / "outputs" / name).replace(self.out / name)
        (self.folder / _FINISHED).touch()
        _remove(self.folder)


def _remove(folder: Path) -> None:
    """Remove a finished work folder, its mark last."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != _FINISHED:
            path.unlink()
    shutil.rmtree(folder)


@contextmanager
def open_workspace(out: Path) -> Iterator[Workspace]:
    """Make or take up the work folder in `out`, and hold it for this process.

    A folder that this call made is removed again when the block raises a refusal, so that a
    refused run changes nothing.  One that was there stays for the next run to take up.

    Raises:
        OutFolderError: `out` is not empty, not a folder, not writable, or in use by another run.
    """
    folder, was_there = out / HIDDEN, out.exists()
    if (folder / _FINISHED).exists():
        _remove(folder)
    is_continued = folder.is_dir()
    try:
        if not is_continued and was_there and any(out.iterdir()):
            raise _refused(out, "it is not empty", "name a folder that does not exist yet")
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except (NotADirectoryError, FileExistsError) as error:
        raise _refused(out, "it is not a folder", "name a folder") from error
    except PermissionError as error:
        raise _refused(out, "it is not writable", "name a folder of your own") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _refused(out, "another run is at work there", "wait for it to end") from error
        try:
            yield Workspace(out=out, is_continued=is_continued)
        except RefusalError:
            if not is_continued:
                shutil.rmtree(folder if was_there else out, ignore_errors=True)
            raise


def _refused(out: Path, what: str, todo: str) -> OutFolderError:
    return OutFolderError(
        f"nothing was written to {out}: {what}",
        why="Results of two runs in one folder could not be told apart.",
        todo=todo,
    )
