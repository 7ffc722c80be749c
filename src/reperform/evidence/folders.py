"""Where the evidence of connections lies: below the installation's folder `evidence`.

Each collection has a folder of its own, so that one which was abandoned goes without a trace of
bytes that nothing names, whatever else is being collected at the time.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reperform.base.refusal import RefusalError
from reperform.evidence.blobs import BlobStore
from reperform.ledger.home import home


class RunGoesOnError(RefusalError):
    """The connection is being asked already."""

    slug = "run-goes-on"


@dataclass(frozen=True, slots=True)
class CollectionFolder:
    """Blobs and tables of one collection."""

    path: Path

    @property
    def blobs(self) -> BlobStore:
        """Its answers, and its record."""
        return BlobStore(self.path / "blobs")

    @property
    def tables(self) -> Path:
        """The folder of its Parquet files."""
        folder = self.path / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def collection_folder(log: str, stream: str, sequence: int) -> CollectionFolder:
    """Return where a collection of an organization (by its log's name) is kept."""
    return CollectionFolder(home() / "evidence" / log / stream / str(sequence))


@contextmanager
def held(log: str, connection: int) -> Iterator[None]:
    """Hold a connection of an organization, so that it is asked once at a time.

    The system lets go of it when the process ends, however it ends: no timeout decides that a run
    which is still at work was given up.

    Raises:
        RunGoesOnError: another process or thread holds it.
    """
    folder = home() / "evidence" / log
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"connection-{connection}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise run_goes_on(connection) from error
        yield


def run_goes_on(connection: int) -> RunGoesOnError:
    """Return the refusal to ask a connection that is being asked."""
    return RunGoesOnError(
        f"connection {connection} was not asked: a run of it goes on",
        why="Two at once would ask for the same evidence twice.",
        todo="wait for it to end",
    )
