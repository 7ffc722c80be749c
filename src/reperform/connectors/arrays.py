"""JSON arrays of any size, object by object.

An array is cut where a prefix of what was read is a list by itself: JSON values end where they end,
so no other reading of the same bytes is possible.
"""

import codecs
import json
from collections.abc import Iterator

import msgspec

from reperform.connectors.answer import NotReadError
from reperform.connectors.streamed import BLANK, FAST, LONGEST, Content, Raw
from reperform.connectors.unpacked import PIECE

_TRIES = 8
"""Places where the fast reader tries to cut, before the slow one finds where."""
_LOOKS, _WIDEST = 10_000, 64
"""Places that are looked at for that, and how far apart objects stand."""
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode
_raw_decode = json.JSONDecoder().raw_decode


def objects(content: Content) -> Iterator[tuple[int, Raw]]:
    """Yield where each object of an array begins, and its bytes; `content` then follows its `]`.

    An element that is no object is yielded too, for the caller to refuse, without an exact place.

    Args:
        content: what follows the `[`.

    Raises:
        NotReadError: it is not JSON to the end of the array, or not text, or nested too deep.
    """
    is_needed = False  # after a comma
    while True:
        found = _cut(content) or _slowly(content)
        if found.end < 0:
            if content.is_ended or len(content.held) > LONGEST:
                raise found.why or content.too_long()
        else:
            if found.is_last and is_needed and not found.raws:
                raise _damaged(content.at, "a comma before the end of the array")
            at = content.at
            yield from _placed(content.take(found.end), at, found.raws)
            if found.is_last:
                return
            is_needed = True
        if not content.is_ended:
            content.more(max(PIECE, len(content.held)))


class _Found:
    """Elements at the begin of what is held.

    Attributes:
        raws: their bytes.
        end: behind the comma or bracket that follows the last of them; -1: nothing whole is there.
        is_last: it is the bracket.
        why: what is wrong with the first element, if it is whole.
    """

    __slots__ = ("end", "is_last", "raws", "why")

    def __init__(
        self,
        raws: list[Raw],
        end: int,
        *,
        is_last: bool = False,
        why: NotReadError | None = None,
    ) -> None:
        self.raws, self.end, self.is_last, self.why = raws, end, is_last, why


def _placed(held: bytes, at: int, raws: list[Raw]) -> Iterator[tuple[int, Raw]]:
    """Yield each object with its place: between two of them are a comma and white space."""
    place = 0
    for raw in raws:
        place = held.find(b"{", place)
        yield at + place, raw
        place += len(raw)


def _cut(content: Content) -> _Found | None:
    """Return what the fast reader finds; None when it is left to the slow one."""
    held = content.held
    if held[:64].lstrip(BLANK).startswith(b"]"):
        return _Found([], held.index(b"]") + 1, is_last=True)
    between, last = _between(held), _last(held)
    for places in (last, between) if content.is_ended else (between, last):
        for end in places:
            try:
                raws: list[Raw] = [*_split(b"[%b]" % held[:end])]
            except FAST:
                continue
            _refuse_no_text(held[:end], content.at)
            is_last = places is last
            return _Found(raws, _behind(held, end), is_last=is_last)
    return None


def _between(held: bytes) -> Iterator[int]:
    """Yield where elements may end that another object follows, the last first."""
    end, left = len(held), _TRIES
    for _ in range(_LOOKS):
        end = held.rfind(b"},", 0, end)
        if end < 0 or not left:
            return
        if held[end + 2 : end + _WIDEST].lstrip(BLANK).startswith(b"{"):
            left -= 1
            yield end + 1


def _last(held: bytes) -> Iterator[int]:
    """Yield where the last element may end, the last first."""
    end = len(held)
    for _ in range(_TRIES):
        end = held.rfind(b"]", 0, end)
        if end < 0:
            return
        before = held[:end].rstrip(BLANK) if held[end - 1 : end].isspace() else held[:end]
        yield len(before)


def _behind(held: bytes, end: int) -> int:
    """Return the place behind the comma or bracket that follows an element."""
    while held[end] in BLANK:
        end += 1
    return end + 1


def _refuse_no_text(held: bytes, at: int) -> None:
    if not held.isascii():
        try:
            held.decode()
        except UnicodeDecodeError as error:
            raise NotReadError(
                f"is not text: {error.reason} at byte {at + error.start:,}"
            ) from error


def _slowly(content: Content) -> _Found:
    """Return the elements that Python's own reader finds."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(content.held, content.is_ended)
    except UnicodeDecodeError as error:
        what = f"is not text: {error.reason} at byte {content.at + error.start:,}"
        raise NotReadError(what) from error
    raws: list[Raw] = []
    place, end, size = _skip(text, 0), -1, 0
    while place < len(text):
        try:
            _, after = _raw_decode(text, place)
            closed = _skip(text, after)
            if closed == len(text) and not content.is_ended:
                return _Found(raws, end)  # the rest of a number, or a comma, is still to come
            is_between = text[closed : closed + 1] in (",", "]")
            wrong = None if is_between else ("Expecting ',' delimiter", closed)
        except RecursionError as error:
            raise NotReadError("is nested too deep") from error
        except json.JSONDecodeError as error:
            wrong = (error.msg, error.pos)
        if wrong:
            what, at = wrong
            where = content.at + max(end, 0) + len(_utf8(text[size:at]))
            return _Found(raws, end, why=_damaged(where, what))
        raws.append(_utf8(text[place:after]))
        end = max(end, 0) + len(_utf8(text[size : closed + 1]))
        size = closed + 1
        if text[closed] == "]":
            return _Found(raws, end, is_last=True)
        place = _skip(text, size)
    why = _damaged(content.at + len(content.held), "the array has no end")
    return _Found(raws, end, why=why if content.is_ended else None)


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


def _damaged(at: int, what: str) -> NotReadError:
    return NotReadError(f"is not JSON to its end: {what} at byte {at:,}")
