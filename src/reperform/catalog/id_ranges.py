"""Ranges of ids, so that a framework's ids fit on a page: `A.5.1..A.5.37`."""

import re
from collections.abc import Iterator, Sequence

_MOST = 400
"""Ids in one range.  The longest of ours has 99; a hostile file could ask for a billion."""

_LAST = re.compile(r"(?P<head>.*?)(?P<last>[0-9]{1,9}|(?<![A-Za-z])[A-Za-z])(?P<tail>\)?)")


class RangeError(ValueError):
    """A range does not say which ids it holds."""


def expand_ids(entries: Sequence[str]) -> Iterator[str]:
    """Yield each id of `entries`, with ranges written out.

    A range names its first and its last id.  They differ in their last part only: a number, or one
    letter from `a` or `A` on, perhaps in parentheses.  A range of Roman numerals is refused, since
    `(i)..(v)` would be read as letters.

    Raises:
        RangeError: a range runs backward, is too long, or its two ends do not fit together.

    >>> list(expand_ids(["PR.AT-01..PR.AT-02", "9.3", "312(a)..312(c)"]))
    ['PR.AT-01', 'PR.AT-02', '9.3', '312(a)', '312(b)', '312(c)']
    """
    for entry in entries:
        if ".." in entry:
            yield from _expanded(entry)
        else:
            yield entry


def _expanded(entry: str) -> Iterator[str]:
    first, _, last = entry.partition("..")
    begin, end = _LAST.fullmatch(first), _LAST.fullmatch(last)
    if not begin or not end:
        raise RangeError("one of its ends is no id that can be counted on")
    if (begin["head"], begin["tail"]) != (end["head"], end["tail"]):
        raise RangeError("its ends differ in more than their last part")
    parts = _parts(begin["last"], end["last"])
    if not 1 < len(parts) <= _MOST:
        raise RangeError(f"it must run forward and hold 2 to {_MOST} ids")
    for part in parts:
        yield f"{begin['head']}{part}{begin['tail']}"


def _parts(first: str, last: str) -> Sequence[str]:
    if first.isdigit() and last.isdigit():
        if first.startswith("0") and len(first) != len(last):
            raise RangeError("its numbers have different widths")
        numbers = range(int(first), int(last) + 1)
        return [f"{number:0{len(first)}}" for number in numbers[: _MOST + 1]]
    if first.isdigit() or last.isdigit() or first not in ("a", "A"):
        raise RangeError("its last part is neither a number nor a letter that begins at a or A")
    if first.isupper() != last.isupper():
        raise RangeError("its ends are of different case")
    return [chr(code) for code in range(ord(first), ord(last) + 1)]
