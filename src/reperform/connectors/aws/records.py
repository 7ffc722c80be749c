"""CloudTrail's records as they are delivered, of any size, in one of four forms.

`{"Records": [...]}` is what CloudTrail delivers, `{"Events": [...]}` a page of LookupEvents; a bare
array and a record on each line are what tools make of them.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from reperform.connectors.answer import NotReadError
from reperform.connectors.arrays import objects
from reperform.connectors.streamed import FAST, Content, Raw, lines, slow_value_of

_WHOLE = re.compile(rb'\s*\{\s*"Records"\s*:\s*\[')
_ARRAY = re.compile(rb"\s*\[")

NotRecordsError = NotReadError
"""A file is not whole, or not of CloudTrail; the text says what it is."""


class Record(msgspec.Struct, gc=False):
    """What is read of one record; each value as JSON has it, None where nothing is said.

    Only these are made into values: what a record says besides is checked, and passed over.
    """

    eventID: Any = None  # noqa: N815 - CloudTrail's names
    eventTime: Any = None  # noqa: N815
    eventSource: Any = None  # noqa: N815
    eventName: Any = None  # noqa: N815
    awsRegion: Any = None  # noqa: N815
    sourceIPAddress: Any = None  # noqa: N815
    userAgent: Any = None  # noqa: N815
    readOnly: Any = None  # noqa: N815
    errorCode: Any = None  # noqa: N815
    errorMessage: Any = None  # noqa: N815
    recipientAccountId: Any = None  # noqa: N815
    userIdentity: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815 - a few make most of a log
    requestParameters: Any = None  # noqa: N815
    responseElements: Any = None  # noqa: N815
    additionalEventData: Any = None  # noqa: N815
    resources: Any = None


_NEEDED = ("eventID", "eventTime", "eventSource", "eventName")
_read = msgspec.json.Decoder(Record).decode


def records(pieces: Iterator[bytes]) -> Iterator[tuple[int, Record]]:
    """Yield each record, and where in the content it begins.

    Where the encoding is not UTF-8, or another key comes before the records, that is 0.

    Args:
        pieces: the content of a file in order, see `unpacked`.

    Raises:
        NotRecordsError: it is not JSON to its end, or holds something that is no record.
    """
    content = Content(pieces)
    if content.is_blank():
        raise NotRecordsError("is empty: not even an empty list of records")
    opened = _WHOLE.match(content.held)
    begins = opened or _ARRAY.match(content.held)
    if begins:
        content.take(begins.end())
        for at, raw in objects(content):
            yield at if content.is_exact else 0, _record(raw, at)
        _refuse_rest(content, in_object=bool(opened))
    else:
        yield from _on_lines(content)


def _refuse_rest(content: Content, *, in_object: bool) -> None:
    """Refuse what follows the records, unless it is the rest of the object that they are in."""
    at, rest = content.at, content.rest().strip()
    if in_object:
        try:
            if isinstance(json.loads(b'{"Records":[]' + rest), dict):
                return
        except (ValueError, RecursionError) as error:
            what = f"is not JSON to its end: {error} behind the records, from byte {at:,} on"
            raise NotRecordsError(what) from error
    if rest:
        raise NotRecordsError(f"is not JSON to its end: something follows at byte {at:,}")


def _on_lines(content: Content) -> Iterator[tuple[int, Record]]:
    """Yield the record of each line; those of an object that is the whole content."""
    first = content.line()
    try:
        whole = slow_value_of(first)
    except NotReadError:
        raise
    except ValueError:
        yield from _in_object(_value(content.rest(), content.at))
        return
    if content.is_ended and not content.held[len(first) :].strip():
        yield from _in_object(whole)
        return
    for _, at, line in lines(content):
        _refuse_no_text(line, at)
        yield at if content.is_exact else 0, _record(line, at)


def _in_object(whole: object) -> Iterator[tuple[int, Record]]:
    if isinstance(whole, dict) and isinstance(whole.get("Records"), list):
        yield from ((0, _made(each, 0)) for each in whole["Records"])
    elif isinstance(whole, dict) and isinstance(whole.get("Events"), list):
        for each in whole["Events"]:
            inner = each.get("CloudTrailEvent") if isinstance(each, dict) else None
            yield 0, _made(_value(inner.encode(), 0) if isinstance(inner, str) else inner, 0)
    else:
        yield 0, _made(whole, 0)


def _refuse_no_text(line: bytes, at: int) -> None:
    """Refuse bytes that are no UTF-8, which the fast reader passes over."""
    try:
        line.isascii() or line.decode()
    except UnicodeDecodeError as error:
        what = f"is not text: {error.reason} at byte {at + error.start:,}"
        raise NotRecordsError(what) from error


def _value(raw: Raw, at: int) -> Any:  # noqa: ANN401 - JSON
    try:
        return slow_value_of(raw)
    except NotRecordsError:
        raise
    except json.JSONDecodeError as error:
        what = f"is not JSON to its end: {error.msg} at byte {at + error.pos:,}"
        raise NotRecordsError(what) from error
    except (
        ValueError
    ) as error:  # bytes that are no text, a number of more digits than anybody counts
        raise NotRecordsError(
            f"is not JSON that can be read: {error} from byte {at:,} on"
        ) from error


def _record(raw: Raw, at: int) -> Record:
    """Return what was found, if it has what every record of CloudTrail has."""
    try:
        record = _read(raw)
    except FAST:
        return _made(_value(raw, at), at)
    return _whole(record, at)


def _made(found: object, at: int) -> Record:
    if not isinstance(found, dict):
        raise NotRecordsError(f"holds something at byte {at:,} that is no record of CloudTrail")
    values = {name: found.get(name) for name in Record.__struct_fields__}
    identity = msgspec.Raw(json.dumps(values.pop("userIdentity")).encode())
    return _whole(Record(**values, userIdentity=identity), at)


def _whole(record: Record, at: int) -> Record:
    if not all(isinstance(getattr(record, name), str) for name in _NEEDED):
        lacking = [name for name in _NEEDED if not isinstance(getattr(record, name), str)]
        raise NotRecordsError(f"holds at byte {at:,} a record without {', '.join(lacking)}")
    return record
