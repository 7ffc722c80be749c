"""Runs of text: the one way in which text of others gets into a report.

It comes in as `visible` text, so whatever a report holds can be looked at.
"""

from dataclasses import dataclass
from enum import StrEnum

from reperform.base.visible import visible

LONGEST = 6_000
"""Characters that one run of text may show; what is beyond is cut, and the cut says so."""


class Tone(StrEnum):
    """What a text, a row or a callout is, beside its words.  Words always say it too."""

    PLAIN = "plain"
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"
    MUTED = "muted"
    LOCKED = "locked"
    """A place that belongs to the service auditor."""


@dataclass(frozen=True, slots=True)
class Text:
    """One run of text.

    Attributes:
        text: what it says; made visible on the way in.
        bold: it stands out.
        mono: it is quoted character by character, such as a digest.
        tone: what it is, beside its words.
        link: id of the heading that it leads to; empty for none.
    """

    text: str
    bold: bool = False
    mono: bool = False
    tone: Tone = Tone.PLAIN
    link: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", visible(self.text, limit=LONGEST))


Line = tuple[Text, ...]
"""Runs that follow each other on one line or in one paragraph."""

Cell = tuple[Line, ...]
"""Lines of one cell of a table."""


def line(*parts: str | Text) -> Line:
    """Return one line of plain or styled runs."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def lines(*parts: str | Text | Line) -> Cell:
    """Return one cell, each part a line of its own."""
    return tuple(part if isinstance(part, tuple) else line(part) for part in parts)


def bold(text: str, tone: Tone = Tone.PLAIN) -> Text:
    """Return a run that stands out."""
    return Text(text, bold=True, tone=tone)


def mono(text: str) -> Text:
    """Return a run that is quoted character by character."""
    return Text(text, mono=True)


def named(text: str) -> str:
    """Return a text that something is found by, so it must not be empty."""
    return visible(text, limit=200).strip() or "(without a name)"
