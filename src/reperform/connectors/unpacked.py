"""The content of a file, unpacked on the way, piece by piece: of any size, within bounds."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from reperform.connectors.answer import NotReadError

PIECE = 1 << 20
_GZIP = b"\x1f\x8b"
_UNSUSPICIOUS = 64 << 20
"""A file that unpacks to less may be packed as tightly as it likes."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a file may unpack to.

    Attributes:
        most: bytes.
        times: as many times its own size, once it is large.
    """

    most: int
    times: int


WIDEST = Bounds(most=1 << 40, times=1_100)
"""For what was accepted already: gzip packs at most 1,032 to 1."""


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a file in their order, and close it."""
    with file:
        while piece := file.read(PIECE):
            yield piece


def unpacked(raw: Iterable[bytes], bounds: Bounds = WIDEST) -> Iterator[bytes]:
    """Yield the content of a file, unpacked when it is gzip, to its end.

    Args:
        raw: its bytes in order.
        bounds: what it may unpack to.

    Raises:
        NotReadError: it is cut off or damaged, or unpacks to more than it may.
    """
    source = iter(raw)
    first = next(source, b"")
    while len(first) < len(_GZIP) and (more := next(source, b"")):
        first += more
    whole = chain((first,), source)
    size = 0
    for piece in _gunzipped(whole, bounds.times) if first.startswith(_GZIP) else whole:
        size += len(piece)
        if size > bounds.most:
            raise NotReadError(f"unpacks to more than {bounds.most:,} bytes")
        yield piece


def _gunzipped(raw: Iterable[bytes], times: int) -> Iterator[bytes]:
    """Yield what gzip holds: one member after the other, zeros behind the last left out."""
    packed = zlib.decompressobj(wbits=31)
    taken = given = 0
    for piece in raw:
        taken += len(piece)
        left, is_full = piece, False
        while left or is_full:
            if packed.eof:
                left = left.lstrip(b"\0")
                if not left:
                    break
                packed = zlib.decompressobj(wbits=31)
            try:
                part = packed.decompress(left, PIECE)
            except zlib.error as error:
                raise NotReadError(f"is damaged: {error}") from error
            left = packed.unused_data if packed.eof else packed.unconsumed_tail
            is_full = len(part) == PIECE and not packed.eof
            given += len(part)
            if given > max(times * taken, _UNSUSPICIOUS):
                raise NotReadError(f"unpacks to more than {times:,} times its size")
            yield part
    if not packed.eof:
        raise NotReadError("is cut off: its gzip has no end")


Reads = Callable[[Iterator[bytes]], Iterator[object]]
"""The content of a file, piece by piece -> what is in it, to its end.  Raises NotReadError."""


def checked(raw: Iterable[bytes], reads: Reads, bounds: Bounds) -> Iterator[bytes]:
    """Yield the bytes of a file as they are, while its content is read to its end.

    So a file is read once, is never held whole, and what is kept is what was checked.

    Raises:
        NotReadError: its content is not what `reads` reads, or unpacks to more than it may.
    """
    passed: list[bytes] = []

    def passing() -> Iterator[bytes]:
        for piece in raw:
            passed.append(piece)
            yield piece

    for _ in reads(unpacked(passing(), bounds)):
        if passed:
            yield from passed
            passed.clear()
    yield from passed
