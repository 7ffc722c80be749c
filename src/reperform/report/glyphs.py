"""What the report's fonts can show: a character without a glyph is named, it never vanishes.

Typst stops at a character that no font has when the file is to be accessible (PDF/UA-1), and
without that it draws an empty box.  Both would lose evidence, so it is written as `<U+4E2D>`.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from reperform.report.glyph_ranges import MONO, TEXT


def printable(text: str) -> str:
    """Return `text` with every character that the fonts lack written as `<U+XXXX>`.

    A letter and the marks on it are drawn together, so one font must have all of them.

    >>> printable("Zoë 中")
    'Zoë <U+4E2D>'
    """
    if text.isascii():
        return text
    return "".join(
        cluster if _is_covered(cluster) else "".join(map(_named, cluster))
        for cluster in _clusters(text)
    )


def _clusters(text: str) -> Iterator[str]:
    """Yield each character together with the combining marks after it."""
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.category(text[at]).startswith("M"):
            yield text[begin:at]
            begin = at


def _is_covered(cluster: str) -> bool:
    return any(font.issuperset(map(ord, cluster)) for font in _fonts())


def _named(char: str) -> str:
    # A mark that is not drawn with its letter would sit on the wrong one.
    if _is_covered(char) and not unicodedata.category(char).startswith("M"):
        return char
    return f"<U+{ord(char):04X}>"


@cache
def _fonts() -> tuple[frozenset[int], ...]:
    return tuple(frozenset(_codes(ranges)) for ranges in (TEXT, MONO))


def _codes(ranges: str) -> Iterator[int]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)
