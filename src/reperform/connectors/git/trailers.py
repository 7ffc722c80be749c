"""Trailers: what git counts as such at the end of a message.

Source: git-interpret-trailers(1), and git's own `trailer.c` where the manual leaves a question.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from reperform.connectors.git.text import text_of

_LINE = re.compile(rb"([A-Za-z0-9-]+)[ \t]*:(.*)", re.DOTALL)
_ONLY = re.compile(rb"(?:[A-Za-z0-9-]+[ \t]*:[^\n]*(?:\n|\Z))+")
_EACH = re.compile(rb"([A-Za-z0-9-]+)[ \t]*:([^\n]*)")
_GENERATED = (b"Signed-off-by: ", b"(cherry picked from commit ")
_SCISSORS = b"# ------------------------ >8 ------------------------\n"
_PERSON = re.compile(r"([^<]*)<([^<>]*)>")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_SPACES = b" \t\r\n"
_STARTS = (b"\n", b" ", b"\t", b"\r")
_BLANK = re.compile(rb"\A(?:[ \t\r]*\n)+")
_SHARE = 3
_MOST = 500


class Trailer(NamedTuple):
    """One trailer.  The key is lower case; name and e-mail are None when there is no person."""

    key: str
    name: str | None
    email: str | None
    value: str


def trailers(message: bytes, encoding: str = "") -> list[Trailer]:
    r"""Return the trailers of a message: those of its last paragraph.

    A paragraph counts when it has only trailers, or when at least a quarter of its lines are and
    git itself wrote one of them (a sign-off or a cherry-pick note).  The first paragraph, the
    title, never counts.

    >>> [(t.key, t.email) for t in trailers(b"Fix\n\nReviewed-by: Ana <Ana@example.org>\n")]
    [('reviewed-by', 'ana@example.org')]
    """
    if message[:1] in _STARTS:
        message = _BLANK.sub(b"", message, count=1)
    _, blank, last = message.rstrip(_SPACES).rpartition(b"\n\n")
    if blank and _ONLY.fullmatch(last) and b"Conflicts:" not in last and _SCISSORS not in message:
        found = _EACH.findall(last)
    elif b":" in message and b"\n" in message:
        found = _unfolded(_block(_lines(message)))
    else:
        return []
    return [_trailer(key, value, encoding) for key, value in found]


@lru_cache(maxsize=4_096)
def _trailer(key: bytes, value: bytes, encoding: str) -> Trailer:
    text = text_of(value, encoding).strip()
    name, email = None, None
    if person := _PERSON.match(text):
        name = person[1].strip(' "\t')[:_MOST] or None
        email = person[2].strip().lower()[:_MOST] or None
    elif _ADDRESS.fullmatch(text):
        email = text.lower()[:_MOST]
    return Trailer(key.decode("ascii").lower()[:_MOST], name, email, text[:_MOST])


def _lines(message: bytes) -> list[bytes]:
    """Return a message's lines without what an editor or an old merge left at its end."""
    if message.startswith(_SCISSORS):
        return []
    cut = message.find(b"\n" + _SCISSORS)
    lines = message[: cut + 1 if cut >= 0 else None].split(b"\n")
    ends, in_conflicts = 0, False
    for number, line in enumerate(lines):
        if not line or line.startswith(b"#"):
            ends = ends or number
        elif line == b"Conflicts:" and number < len(lines) - 1:
            in_conflicts, ends = True, ends or number
        elif not (in_conflicts and line.startswith(b"\t")):
            in_conflicts, ends = False, 0
    return lines[:ends] if ends else lines


def _block(lines: list[bytes]) -> list[bytes]:
    """Return the lines of the last paragraph if git takes them for trailers, else none."""
    title = 0
    while title < len(lines) and (lines[title].startswith(b"#") or lines[title].strip(_SPACES)):
        title += 1
    end = len(lines)
    while end > title and not lines[end - 1].strip(_SPACES):
        end -= 1
    few = many = pending = 0
    generated = False
    is_begun = False  # comments and blank lines after the block do not begin it
    for number in range(end - 1, title - 1, -1):
        line = lines[number]
        if line.startswith(b"#"):
            many, pending = many + pending, 0
            continue
        if not line.strip(_SPACES):
            if not is_begun:
                continue
            many += pending
            share = _SHARE if generated else 0
            return lines[number + 1 : end] if few and many <= few * share else []
        is_begun = True
        if line.startswith(_GENERATED):
            few, pending, generated = few + 1, 0, True
        elif _LINE.match(line):
            few, pending = few + 1, 0
        elif line[:1] in b" \t\r":
            pending += 1
        else:
            many, pending = many + 1 + pending, 0
    return []


def _unfolded(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, list[bytes]]] = []
    is_open = False
    for line in lines:
        if is_open and line[:1] in (b" ", b"\t", b"\r"):
            found[-1][1].append(line.strip(_SPACES))
        else:
            match = _LINE.match(line)
            is_open = match is not None
            if match:
                found.append((match[1], [match[2].strip(_SPACES)]))
    return [(key, b" ".join(values)) for key, values in found]
