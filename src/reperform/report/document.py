"""The document: blocks that every renderer turns into its own format.

Whatever a block holds is visible text (see `text`).  Renderers treat it as data, never as markup.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reperform.report.text import Cell, Line, Text, Tone, line, named


def anchor(kind: str, name: str) -> str:
    """Return the id of a heading; two names never get the same one.

    >>> anchor("control", "CHG-01"), anchor("control", "A B")
    ('control-CHG-01', 'control-A_20_B')
    """
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}_", name)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading.  Level 1 is a section; levels never skip one on the way down.

    Attributes:
        level: 1 to 4.
        text: the heading, with its number.
        id: what references lead to; unique in the document.
        is_listed: the table of contents has it.
    """

    level: int
    text: str
    id: str
    is_listed: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", named(self.text))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph.

    Attributes:
        runs: what it says.
        leads: it introduces the next block and stays on its page.
    """

    runs: Line
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list whose order says nothing."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands in it and its share of the width."""

    header: str
    weight: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "header", named(self.header))


@dataclass(frozen=True, slots=True)
class Row:
    """A row.  Its tone never stands alone: a word in a cell says the same.

    With fewer cells than columns, the last one reaches to the right edge.
    """

    cells: tuple[Cell, ...]
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Table:
    """A table.  The first cell of a row names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", named(self.caption))
        for row in self.rows:
            if not 0 < len(row.cells) <= len(self.columns):
                raise ValueError(f"{len(row.cells)} cells under {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Callout:
    """Something that must not be overlooked: LOCKED, UNSURE for what is missing, PLAIN to note."""

    tone: Tone
    title: str
    lines: Cell
    items: tuple[Line, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", named(self.title))


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Named facts."""

    pairs: tuple[tuple[str, Cell], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "pairs", tuple((named(key), cell) for key, cell in self.pairs))


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of every bar: its name and its tone."""

    name: str
    tone: Tone

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", named(self.name))


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars.  Every number is written beside its bar, so nothing hangs on the picture.

    Attributes:
        caption: what is counted.
        segments: the parts of each bar, from the left.
        rows: name of the bar and one count for each segment.
    """

    caption: str
    segments: tuple[Segment, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", named(self.caption))
        object.__setattr__(self, "rows", tuple((named(name), c) for name, c in self.rows))


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Table | Callout | KeyValues | Bars | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """Everything a report says, once, for every format.

    Attributes:
        title: what it is.
        subtitle: of what and for when.
        organization: whose system it is about.
        notice: stands on every page; a draft says here that it is one.
        cover: named facts on the cover.
        opening: what the cover says below them.
        blocks: the body, in order.
    """

    title: str
    subtitle: str
    organization: str
    notice: str
    cover: KeyValues
    opening: Cell
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "organization", "notice"):
            object.__setattr__(self, name, named(getattr(self, name)))
        ids = Counter(block.id for block in self.blocks if isinstance(block, Heading))
        repeated = [name for name, count in ids.items() if count > 1]
        lost = {run.link for run in self.runs() if run.link} - ids.keys()
        if repeated or lost:
            raise ValueError(f"headings repeated: {repeated}; references to nowhere: {lost}")
        levels = [0, *(block.level for block in self.blocks if isinstance(block, Heading))]
        if any(below > above + 1 for above, below in pairwise(levels)):
            raise ValueError("a heading skips a level on the way down")

    def runs(self) -> Iterator[Text]:
        """Yield every run of text of the body, in reading order."""
        for block in self.blocks:
            for each in block_lines(block):
                yield from each


def block_lines(block: Block) -> Iterator[Line]:
    """Yield every line of text that a block holds, in reading order."""
    match block:
        case Heading():
            yield line(block.text)
        case Paragraph():
            yield block.runs
        case Bullets():
            yield from block.items
        case Callout():
            yield line(block.title)
            yield from (*block.lines, *block.items)
        case Table() | KeyValues() | Bars():
            yield from _grid_lines(block)
        case PageBreak():
            return


def _grid_lines(block: Table | KeyValues | Bars) -> Iterator[Line]:
    match block:
        case Table():
            yield line(block.caption)
            yield from (line(column.header) for column in block.columns)
            yield from (each for row in block.rows for cell in row.cells for each in cell)
        case KeyValues():
            for key, cell in block.pairs:
                yield from (line(key), *cell)
        case Bars():
            yield line(block.caption)
            for name, counts in block.rows:
                yield from (line(name), *(line(str(count)) for count in counts if count))
