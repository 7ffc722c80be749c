"""Finding things by words, the same wherever they are kept.

Pure, so that it does not depend on how a database compares letters.  The order, best first:

1. its id is what was asked for (`cc6.1`),
2. its title begins with what was asked for,
3. its title holds every word,
4. its id, title and text together hold every word.

Things that stand equal keep the order in which they were given.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST = 200
"""Characters of a question; what is beyond them is not read."""
_MOST_WORDS = 8
_AROUND = 70
_WORD = re.compile(r"\S+")
_ASCII = re.compile(r"[0-9a-z.@_-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.

    Attributes:
        kind: what it is.
        key: its id among its kind, as a link needs it.
        title: what it is called.
        text: what else it says.
    """

    kind: str
    key: str
    title: str
    text: str = ""


def words_of(question: str) -> tuple[str, ...]:
    """Return the words of a question, in small letters, each once.

    >>> words_of("  Access reviews, ACCESS ")
    ('access', 'reviews')
    """
    words = (word.strip(",;:!?\"'()") for word in _WORD.findall(question[:LONGEST].lower()))
    return tuple(dict.fromkeys(word for word in words if word))[:_MOST_WORDS]


def fragments_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return a piece of each word that every database compares alike: its longest of ASCII.

    A database narrows down with these; `find` decides.

    >>> fragments_of(("größe", "cc6.1", "ü"))
    ('gr', 'cc6.1')
    """
    longest = (max(_ASCII.findall(word), key=len, default="") for word in words)
    return tuple(piece for piece in longest if piece)


def find(entries: Iterable[Entry], question: str) -> list[Entry]:
    """Return the entries that hold every word of `question`, best first."""
    words = words_of(question)
    if not words:
        return []
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, words))]
    return [entry for _, entry in sorted(ranked, key=lambda each: each[0])]


def _rank(entry: Entry, words: Sequence[str]) -> int:
    """Return 1 for the best, 4 for the last, 0 for nothing."""
    key, title = entry.key.lower(), entry.title.lower()
    whole = " ".join(words)
    if key == whole:
        return 1
    if title.startswith(whole):
        return 2
    if all(word in title for word in words):
        return 3
    everything = f"{key} {title} {entry.text.lower()}"
    return 4 if all(word in everything for word in words) else 0


def excerpt(entry: Entry, question: str) -> str:
    """Return the text around the first word of the question that it holds; its beginning else.

    >>> excerpt(Entry("", "", "", "one " * 40 + "needle " + "two " * 40), "needle")[:20]
    '… one one one one on'
    """
    text = " ".join(entry.text.split())
    small = text.lower()
    at = min((i for word in words_of(question) if (i := small.find(word)) >= 0), default=0)
    begin = max(0, at - _AROUND)
    begin = text.find(" ", begin) + 1 if begin else 0
    end = at + 2 * _AROUND
    cut = text[begin:end].rsplit(" ", 1)[0] if end < len(text) else text[begin:]
    return ("… " if begin else "") + cut + (" …" if end < len(text) else "")
