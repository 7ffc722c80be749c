"""Flaws of a text: blanks where nobody sees them, broken encoding, characters that hide."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reperform.base.problem import Problem
from reperform.catalog.fields import shown

_MOST = 1_000
"""Places counted of one kind; a hostile text could have millions."""

_BLANKS = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]++(?=\r?\n|\r?\Z)")
_LEADING = re.compile(r"\A[ \t\u00a0]")
_REPLACED = re.compile("\ufffd")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
_HIDDEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ORDINARY = re.compile(r"[!-~]+(?:[ \n][!-~]+)*\n?")


def _as_windows_1252(byte: int) -> str:
    raw = bytes([byte])
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


_FOLLOWS = "".join(_as_windows_1252(byte) for byte in range(0x80, 0xC0))
_CLASS = "[\x80-\x9f" + re.escape(_FOLLOWS) + "]"
# Only the beginnings that Latin text, typographic marks and emoji turn into: a wider net would
# catch honest texts, such as a word in -ss (U+00DF) before a closing quotation mark.
_MOJIBAKE = re.compile(
    f"[\u00c2\u00c3]{_CLASS}|\u00e2{_CLASS}{{2}}|\u00ef\u00bb\u00bf|\u00ef\u00bf\u00bd|\u00f0{_CLASS}{{3}}"
)


_SIMPLE = (
    (_LEADING, "begins with a blank", "remove the blanks", "text-blanks"),
    (
        _REPLACED,
        "holds U+FFFD: a character was lost",
        "put the character back from the original",
        "text-encoding",
    ),
    (_SURROGATE, "holds half of a surrogate pair", "write the character", "text-encoding"),
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One kind of flaw in one text.

    Attributes:
        at: index of the first place in the text.
        count: how many places have it.
        what: what is there.
        todo: what to do.
        slug: name in `docs/errors.md`.
    """

    at: int
    count: int
    what: str
    todo: str
    slug: str

    def problem(self, where: str) -> Problem:
        """Return the problem that this flaw is at `where`."""
        more = f" (and {self.count - 1:,} more)" if self.count > 1 else ""
        return Problem(where, self.what + more, self.todo, self.slug)


def flaws(text: str) -> Iterator[Flaw]:
    r"""Yield the flaws of `text`, one for each kind.

    >>> [flaw.slug for flaw in flaws("the entity\u00e2\u20ac\u2122s objectives ")]
    ['text-blanks', 'text-encoding']
    """
    if _ORDINARY.fullmatch(text):
        return
    yield from blanks_at_line_ends(text)
    for pattern, what, todo, slug in _SIMPLE:
        places = [match.start() for match in islice(pattern.finditer(text), _MOST)]
        if places:
            yield Flaw(places[0], len(places), what, todo, slug)
    yield from _characters(text)
    yield from _mojibake(text)
    if not unicodedata.is_normalized("NFC", text):
        yield Flaw(
            _first_not_composed(text),
            1,
            "is not composed (Unicode NFC), so that equal words may compare as different",
            "normalize the text to NFC",
            "text-encoding",
        )


def blanks_at_line_ends(text: str) -> Iterator[Flaw]:
    r"""Yield the blanks at the ends of lines, of a text too long for everything else.

    >>> [(flaw.at, flaw.count) for flaw in blanks_at_line_ends("a \nb\nc\t\n")]
    [(1, 2)]
    """
    places = [match.start() for match in islice(_BLANKS.finditer(text), _MOST)]
    if places:
        yield Flaw(places[0], len(places), "ends with a blank", "remove the blanks", "text-blanks")


def _characters(text: str) -> Iterator[Flaw]:
    mojibake = {
        at for match in islice(_MOJIBAKE.finditer(text), _MOST) for at in range(*match.span())
    }
    for pattern, kind in ((_CONTROL, "control character"), (_HIDDEN, "invisible character")):
        places = [
            match
            for match in islice(pattern.finditer(text), _MOST)
            if match.start() not in mojibake
        ]
        if places:
            code = f"U+{ord(places[0][0]):04X}"
            yield Flaw(
                places[0].start(),
                len(places),
                f"holds the {kind} {code}",
                "remove it",
                "text-encoding",
            )


def _mojibake(text: str) -> Iterator[Flaw]:
    meant = [(match, _repaired(match[0])) for match in islice(_MOJIBAKE.finditer(text), _MOST)]
    places = [(match, repaired) for match, repaired in meant if repaired]
    if places:
        match, repaired = places[0]
        yield Flaw(
            match.start(),
            len(places),
            f"holds {shown(match[0])} where {shown(repaired)} was meant",
            "read the original as UTF-8 and save it as UTF-8",
            "text-encoding",
        )


def _repaired(broken: str) -> str:
    """Return what was meant by UTF-8 that was read as Windows-1252; empty when it was not."""
    raw = bytes(
        ord(char) if ord(char) < 0x100 else char.encode("cp1252")[0]  # noqa: PLR2004 - Latin-1
        for char in broken
    )
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""


def _first_not_composed(text: str) -> int:
    at = 0
    for line in text.splitlines(keepends=True):
        if not unicodedata.is_normalized("NFC", line):
            break
        at += len(line)
    return at


def file_problems(text: str, *, where: str) -> list[Problem]:
    """Return the flaws of a text file of the library, each with its first line.

    Such a file is UTF-8 without a mark, composed, without control characters (no CR), without
    blanks at the ends of lines, and ends with one line break.
    """
    problems = [flaw.problem(f"{where}: line {_line(text, flaw.at)}") for flaw in flaws(text)]
    if "\r\n" in text:
        place = f"{where}: line {_line(text, text.index(chr(13)))}"
        todo = "save the file with LF line ends"
        problems.append(Problem(place, "ends with CR LF", todo, "text-encoding"))
    if not text.endswith("\n") or text.endswith("\n\n"):
        problems.append(
            Problem(where, "does not end with one line break", "end it with one", "text-blanks")
        )
    return problems


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
