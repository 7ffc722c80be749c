"""Reading `git cat-file --batch`: every object checked against its own name."""

import hashlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from reperform.connectors.git.plumbing import GitFailedError

LARGEST_OBJECT = 64 << 20


class GitObject(NamedTuple):
    """One object: its id in hexadecimal, its kind, its bytes, and where its header line begins."""

    id: bytes
    kind: bytes
    body: bytes
    at: int
    raw: bytes


def read_objects(stream: IO[bytes], object_format: str) -> Iterator[GitObject]:
    """Yield each object of a batch.

    Raises:
        GitFailedError: an object is missing, cut off, too large, or its bytes do not hash to its
            name.
    """
    at = 0
    new = hashlib.sha256 if object_format == "sha256" else hashlib.sha1
    while header := stream.readline():
        fields = header.split()
        if len(fields) != 3 or not fields[2].isdigit():  # noqa: PLR2004 - id, kind, size
            raise _broken(fields[0] if fields else b"?", "it is missing")
        size = int(fields[2])
        if size > LARGEST_OBJECT:
            raise _broken(fields[0], f"it has {size:,} bytes, more than {LARGEST_OBJECT:,}")
        content = stream.read(size + 1)
        if len(content) != size + 1:
            raise _broken(fields[0], "it is cut off")
        body = content[:-1]
        # SHA-1 here is git's name for the object, not a promise of ours.
        digest = new(b"%b %d\x00" % (fields[1], size), usedforsecurity=False)
        digest.update(body)
        if digest.hexdigest().encode() != fields[0]:
            raise _broken(fields[0], "its bytes do not hash to its name")
        yield GitObject(fields[0], fields[1], body, at, header + content)
        at += len(header) + size + 1


def _broken(object_id: bytes, what: str) -> GitFailedError:
    name = object_id.decode("ascii", errors="replace")
    return GitFailedError(
        f"the repository was not read to the end: object {name}: {what}",
        why="A history with a hole would pass for a whole one.",
        todo=(
            "run `git fsck --full` in the repository, and restore what it names from another",
            "clone; then run the same command again",
        ),
    )
