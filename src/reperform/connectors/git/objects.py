"""Reading `git cat-file --batch`: every object checked against its own name."""

import hashlib
from collections.abc import Iterator
from typing import IO, NamedTuple

from reperform.base.visible import visible
from reperform.connectors.answer import NotCollectedError
from reperform.connectors.git.plumbing import REPAIR

LARGEST_OBJECT = 64 << 20
_LONGEST_HEADER = 200


class ObjectMissingError(NotCollectedError):
    """The repository names an object that it does not have."""

    slug = "object-missing"


class ObjectCorruptError(NotCollectedError):
    """An object is not what its name says."""

    slug = "object-corrupt"


class GitObject(NamedTuple):
    """One object.

    `id` is hexadecimal, `at` is where its header line begins in the answer; `header` and
    `content` together are the object as the answer has it.
    """

    id: bytes
    kind: bytes
    body: bytes
    at: int
    header: bytes
    content: bytes


def read_objects(stream: IO[bytes], object_format: str) -> Iterator[GitObject]:
    """Yield each object of a batch.

    Raises:
        ObjectMissingError: the repository does not have it.
        ObjectCorruptError: it is cut off, or larger than `LARGEST_OBJECT`, or its bytes do not
            hash to its name.
    """
    at = 0
    # SHA-1 here is git's name for the object, not a promise of ours.
    new = hashlib.sha256 if object_format == "sha256" else hashlib.sha1
    read, readline = stream.read, stream.readline
    while header := readline(_LONGEST_HEADER):
        fields = header.split()
        if len(fields) != 3 or not fields[2].isdigit():  # noqa: PLR2004 - id, kind, size
            raise _broken(ObjectMissingError, fields[0] if fields else b"?", "is missing")
        name, kind, size = fields[0], fields[1], int(fields[2])
        if size > LARGEST_OBJECT:
            found = f"has {size:,} bytes, more than {LARGEST_OBJECT:,}"
            raise _broken(ObjectCorruptError, name, found)
        content = read(size + 1)
        if len(content) != size + 1:
            raise _broken(ObjectCorruptError, name, "is cut off")
        body = content[:-1]
        if new(b"%b %d\x00%b" % (kind, size, body), usedforsecurity=False).hexdigest() != (
            name.decode("ascii", "replace")
        ):
            raise _broken(ObjectCorruptError, name, "does not hash to its name")
        yield GitObject(name, kind, body, at, header, content)
        at += len(header) + size + 1


def _broken(kind: type[NotCollectedError], object_id: bytes, what: str) -> NotCollectedError:
    name = visible(object_id.decode("ascii", errors="replace"), limit=64)
    return kind(
        f"the repository was not read to the end: object {name} {what}",
        why="A history with a hole would pass for a whole one.",
        todo=REPAIR,
    )
