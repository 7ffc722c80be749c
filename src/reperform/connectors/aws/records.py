"""CloudTrail's records as they are delivered: packed or not, in one of four forms.

`{"Records": [...]}` is what CloudTrail delivers, `{"Events": [...]}` a page of LookupEvents; a bare
array and a record on each line are what tools make of them.
"""

import json
import re
from collections.abc import Generator, Iterator
from typing import Any

from reperform.connectors.content import NotReadError, text_of
from reperform.connectors.content import unpack as unpacked

LARGEST = 512 << 20
"""Bytes that one file may unpack to; CloudTrail's own stay below a tenth of it."""

_WHOLE = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')
_ARRAY = re.compile(r"\s*\[")
_DECODER = json.JSONDecoder()

Record = dict[str, Any]


NotRecordsError = NotReadError
"""A file is not whole, or not of CloudTrail; the text says what it is."""


def unpack(raw: bytes) -> bytes:
    """Return the content of a file, unpacked when it is gzip, to its end.

    Raises:
        NotRecordsError: it is cut off or damaged, or unpacks to more than `LARGEST`.
    """
    return unpacked(raw, most=LARGEST)


def records(content: bytes) -> Iterator[tuple[int, Record]]:
    """Yield each record, and where in `content` it begins.

    Where the encoding is not UTF-8, or another key comes before the records, that is 0.

    Raises:
        NotRecordsError: it is not JSON to its end, or holds something that is no record.
    """
    text = text_of(content)
    if not text.strip():
        raise NotRecordsError("is empty: not even an empty list of records")
    try:
        yield from _of(text, content)
    except RecursionError as error:
        raise NotRecordsError("is nested too deep") from error
    except json.JSONDecodeError as error:
        what = f"is not JSON to its end: {error.msg} at character {error.pos:,}"
        raise NotRecordsError(what) from error


def _of(text: str, content: bytes) -> Iterator[tuple[int, Record]]:
    opened = _WHOLE.match(text)
    begins = opened or _ARRAY.match(text)
    if begins:
        ends = yield from _elements(text, begins.end(), content)
        rest = text[ends:].strip()
        if rest and not (opened and _is_rest_of_object(rest)):
            raise json.JSONDecodeError("Extra data", text, ends)
        return
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        yield from _lines(text, content)
        return
    yield from _in_object(whole)


def _is_rest_of_object(rest: str) -> bool:
    """Return whether `rest` closes the object that the records are in."""
    return isinstance(json.loads('{"Records":[]' + rest), dict)


def _elements(text: str, at: int, content: bytes) -> Generator[tuple[int, Record], None, int]:
    """Yield the elements of an array, and return where it ends."""
    offset = _Offset(text, content)
    at = _blank(text, at)
    while text[at : at + 1] != "]":
        element, end = _DECODER.raw_decode(text, at)
        yield offset.of(at), _record(element)
        at = _blank(text, end)
        if text[at : at + 1] == ",":
            at = _blank(text, at + 1)
            if text[at : at + 1] == "]":
                raise json.JSONDecodeError("Expecting value", text, at)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    return at + 1


def _blank(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _lines(text: str, content: bytes) -> Iterator[tuple[int, Record]]:
    offset, at = _Offset(text, content), 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield offset.of(at), _record(json.loads(line))
        at += len(line)


def _in_object(whole: object) -> Iterator[tuple[int, Record]]:
    if isinstance(whole, dict) and isinstance(whole.get("Records"), list):
        yield from ((0, _record(each)) for each in whole["Records"])
    elif isinstance(whole, dict) and isinstance(whole.get("Events"), list):
        for each in whole["Events"]:
            inner = each.get("CloudTrailEvent") if isinstance(each, dict) else None
            yield 0, _record(json.loads(inner) if isinstance(inner, str) else inner)
    else:
        yield 0, _record(whole)


def _record(found: object) -> Record:
    """Return what was found, if it has what every record of CloudTrail has."""
    if not isinstance(found, dict):
        raise NotRecordsError("holds something that is no record of CloudTrail")
    lacking = [
        name
        for name in ("eventID", "eventTime", "eventSource", "eventName")
        if not isinstance(found.get(name), str)
    ]
    if lacking:
        raise NotRecordsError(f"holds a record without {', '.join(lacking)}")
    return found


class _Offset:
    """Byte offsets of characters that are asked for in their order."""

    def __init__(self, text: str, content: bytes) -> None:
        self._text, self._begins = text, len(content) - len(text)
        self._is_ascii = text.isascii() and self._begins in (0, 3)
        self._is_utf8 = self._is_ascii or json.detect_encoding(content).startswith("utf-8")
        if not self._is_ascii:
            self._begins = 3 if content.startswith(b"\xef\xbb\xbf") else 0
        self._at = 0

    def of(self, at: int) -> int:
        """Return the byte where character `at` begins; 0 when the encoding has no such byte."""
        if self._is_ascii:
            return at + self._begins
        if not self._is_utf8:
            return 0
        self._begins += len(self._text[self._at : at].encode("utf-8", errors="surrogatepass"))
        self._at = at
        return self._begins
