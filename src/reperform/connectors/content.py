"""Files from outside, read within bounds: whole or not at all."""

import json
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from reperform.connectors.answer import NotReadError
from reperform.connectors.unpacked import WIDEST, Bounds, unpacked

_GZIP = b"\x1f\x8b"
_MOST_ELEMENTS, _MOST_DEPTH = 2_000_000, 200

__all__ = ["NotReadError", "json_value", "text_of", "unpack", "xml_root"]


def unpack(raw: bytes, *, most: int) -> bytes:
    """Return the content of a file, unpacked when it is gzip, to its end.

    Raises:
        NotReadError: it is cut off or damaged, or unpacks to more than `most` bytes.
    """
    if not raw.startswith(_GZIP):
        return raw
    return b"".join(unpacked([raw], Bounds(most, WIDEST.times)))


def text_of(content: bytes) -> str:
    """Return JSON bytes as text, in whichever Unicode encoding they are (RFC 8259, RFC 4627).

    Raises:
        NotReadError: they are none.
    """
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise NotReadError(f"is not text: {error.reason} at byte {error.start:,}") from error


def json_value(content: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what a file holds as JSON.

    Raises:
        NotReadError: it is not JSON to its end.
    """
    try:
        return json.loads(text_of(content))
    except RecursionError as error:
        raise NotReadError("is nested too deep") from error
    except json.JSONDecodeError as error:
        what = f"is not JSON to its end: {error.msg} at character {error.pos:,}"
        raise NotReadError(what) from error
    except ValueError as error:  # a number of more digits than anybody counts with
        raise NotReadError(f"is not JSON that can be read: {error}") from error


def xml_root(content: bytes) -> Element:
    """Return the outermost element of an XML file.

    Raises:
        NotReadError: it is not XML to its end, declares entities or a document type, or holds
            more elements, or deeper ones, than any report does.
    """
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            count += 1
            if depth > _MOST_DEPTH or count > 2 * _MOST_ELEMENTS:
                raise NotReadError("holds more elements, or deeper ones, than any report does")
    except DefusedXmlException as error:
        what = "declares a document type or entities, which no report needs"
        raise NotReadError(what) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, NotReadError):
            raise
        raise NotReadError(f"is not XML to its end: {error}") from error
    if root is None:
        raise NotReadError("is empty")
    return root
