"""The blob store: content-addressed files, salted so that a digest gives nothing away.

A blob file is 32 random bytes and then the content; its name is the SHA-256 of the whole file.
The salt keeps anyone who holds only the ledger from guessing short contents, and makes erasing
the file erase the content for good.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored blob: SHA-256 of its file, and the size of its content in bytes."""

    sha256: str
    size: int


class Opens(Protocol):
    """What gives the content of blobs: all that shaping needs."""

    def open(self, sha256: str) -> IO[bytes]:
        """Open a blob's content; FileNotFoundError when there is no such blob."""


class BlobStore:
    """Blobs in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Return where the blob of that digest lies."""
        return self._folder / sha256[:2] / sha256

    def room(self) -> int:
        """Return how many bytes the disk still holds."""
        return shutil.disk_usage(self._folder).free

    def put(self, chunks: Iterable[bytes]) -> Blob:
        """Store the chunks as one blob, durable before this returns.

        Whatever `chunks` or the disk raises passes through, and nothing of the blob stays.
        """
        digest, size = hashlib.sha256(), 0
        salt = secrets.token_bytes(SALT_BYTES)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix="incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(salt)
                digest.update(salt)
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                file.flush()
                os.fsync(file.fileno())
            sha256 = digest.hexdigest()
            self.path(sha256).parent.mkdir(exist_ok=True)
            Path(name).replace(self.path(sha256))
            _sync_folder(self.path(sha256).parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Blob(sha256=sha256, size=size)

    def open(self, sha256: str) -> IO[bytes]:
        """Open a blob's content, after the salt.

        Raises:
            FileNotFoundError: there is no such blob.
        """
        file = self.path(sha256).open("rb")
        file.seek(SALT_BYTES)
        return file

    def delete(self, sha256: str) -> None:
        """Delete a blob that no ledger entry names yet."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Delete what an interrupted `put` left behind; return how many files."""
        left = list(self._folder.glob("incoming-*"))
        for path in left:
            path.unlink()
        return len(left)

    def __iter__(self) -> Iterator[str]:
        """Yield the digests that are there, in order."""
        yield from sorted(
            path.name for path in self._folder.glob("??/*") if len(path.name) == SALT_BYTES * 2
        )


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits, reading it in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all, durable before this returns."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="incoming-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot sync a folder
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
