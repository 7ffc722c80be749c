"""JSON of any size: what is held at once is a few pieces of it, however large it is.

Each value is read by the fast reader; what that does not take (a number like NaN, half a surrogate)
is read once more by Python's own, which decides what is JSON.
"""

import codecs
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec

from reperform.connectors.answer import NotReadError
from reperform.connectors.unpacked import PIECE

LONGEST = 64 << 20
"""Bytes that a single element may have."""
BLANK = b" \t\r\n"
_MARK = codecs.BOM_UTF8

_decode = msgspec.json.Decoder().decode
FAST = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the fast reader raises when it leaves bytes to Python's own."""

Raw = bytes | msgspec.Raw
"""The bytes of one element."""


def value_of(raw: Raw) -> Any:  # noqa: ANN401 - JSON
    """Return what the bytes of one element say.

    Raises:
        NotReadError: they are nested too deep.
        ValueError: they are not JSON.
    """
    try:
        return _decode(raw)
    except FAST:
        return slow_value_of(raw)


def slow_value_of(raw: Raw) -> Any:  # noqa: ANN401 - JSON
    """Return the same by Python's own reader."""
    try:
        return json.loads(bytes(raw))
    except RecursionError as error:
        raise NotReadError("is nested too deep") from error


class Content:
    """What was read of a content and not taken yet.

    Attributes:
        held: those bytes.
        at: where they begin in the content.
        is_ended: nothing follows them.
        is_exact: the content is UTF-8, and `at` counts its bytes; else it is UTF-8 by now.
    """

    def __init__(self, pieces: Iterator[bytes]) -> None:
        first = next(pieces, b"")
        while len(first) < len(_MARK) + 1 and (more := next(pieces, b"")):
            first += more
        encoding = json.detect_encoding(first)
        self.is_exact = encoding.startswith("utf-8")
        whole = chain((first,), pieces)
        self._pieces = whole if self.is_exact else _transcoded(whole, encoding)
        self.held, self.at, self.is_ended = b"", 0, False
        self.more()
        if self.is_exact and self.held.startswith(_MARK):
            self.take(len(_MARK))

    def more(self, least: int = PIECE) -> None:
        """Read on, by at least so many bytes where there are so many."""
        parts, size = [self.held], 0
        while size < least:
            piece = next(self._pieces, None)
            if piece is None:
                self.is_ended = True
                break
            parts.append(piece)
            size += len(piece)
        self.held = b"".join(parts)

    def take(self, count: int) -> bytes:
        """Return so many bytes, and go on behind them."""
        taken, self.held = self.held[:count], self.held[count:]
        self.at += count
        return taken

    def rest(self) -> bytes:
        """Return all that follows.

        Raises:
            NotReadError: it is larger than a single element may be.
        """
        while not self.is_ended and len(self.held) <= LONGEST:
            self.more(LONGEST)
        if len(self.held) > LONGEST:
            raise self.too_long()
        return self.take(len(self.held))

    def line(self) -> bytes:
        """Return the bytes up to the next end of a line, and leave them there.

        Raises:
            NotReadError: they are more than a single element may have.
        """
        while (end := self.held.find(b"\n")) < 0 and not self.is_ended:
            if len(self.held) > LONGEST:
                raise self.too_long()
            self.more(len(self.held))
        return self.held if end < 0 else self.held[:end]

    def is_blank(self) -> bool:
        """Return whether nothing but white space follows; what precedes other bytes is taken."""
        while not (left := self.held.lstrip(BLANK)) and not self.is_ended:
            self.take(len(self.held))
            self.more()
        self.take(len(self.held) - len(left))
        return not left

    def too_long(self) -> NotReadError:
        """Return the refusal of an element that begins here and has no end within bounds."""
        return NotReadError(f"holds at byte {self.at:,} more than {LONGEST:,} bytes in one piece")


def _transcoded(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode("utf-8", errors="surrogatepass")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise NotReadError(f"is not text: {error.reason}") from error


def lines(content: Content) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, place and bytes of each line that is not blank, without its end.

    Raises:
        NotReadError: a line is longer than a single element may be.
    """
    number = 0
    while content.held or not content.is_ended:
        end = content.held.rfind(b"\n") + 1
        if not end and not content.is_ended:
            if len(content.held) > LONGEST:
                raise content.too_long()
            content.more()
            continue
        at = content.at
        block = content.take(end or len(content.held))
        for count, line in enumerate(block.split(b"\n"), start=1):
            if line and not line.isspace():
                yield number + count, at, line
            at += len(line) + 1
        number += block.count(b"\n")
        if not content.is_ended:
            content.more()
