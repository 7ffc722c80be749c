"""Plain text into paragraphs, lists and small titles.  Nothing else is read in it: no markup."""

import re
from dataclasses import dataclass
from enum import StrEnum

_LONGEST_TITLE = 80
_BULLET = re.compile(r"^\s*- +")


class Kind(StrEnum):
    """What a part of a text is."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    TITLE = "title"
    """A line of its own that ends with a colon; it leads what follows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text.

    Attributes:
        kind: what it is.
        lines: one line for a paragraph or a title, one for each item of a list.
    """

    kind: Kind
    lines: tuple[str, ...]


def parts_of(text: str) -> tuple[Part, ...]:
    r"""Return the parts of `text`, in order.

    Paragraphs stand between empty lines; a line that begins with `- ` is an item of a list, and
    lines after it that do not begin so belong to it; a lone line that ends with a colon is a title.

    >>> [part.kind.value for part in parts_of("People:\n\n- one\n- two\n\nand so\non")]
    ['title', 'list', 'paragraph']
    """
    found: list[Part] = []
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if line.strip()]
        if lines:
            found += _block(lines)
    return tuple(found)


def _block(lines: list[str]) -> list[Part]:
    first = next((at for at, line in enumerate(lines) if _BULLET.match(line)), len(lines))
    found = []
    if first:
        said = _joined(lines[:first])
        is_title = len(lines) == 1 and said.endswith(":") and len(said) <= _LONGEST_TITLE
        found.append(Part(Kind.TITLE if is_title else Kind.PARAGRAPH, (said,)))
    items: list[list[str]] = []
    for line in lines[first:]:
        if _BULLET.match(line):
            items.append([_BULLET.sub("", line, count=1)])
        else:
            items[-1].append(line)
    if items:
        found.append(Part(Kind.LIST, tuple(_joined(item) for item in items)))
    return found


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines).strip()


def bullets(items: list[str]) -> str:
    r"""Return a list as text, each item on one line.

    >>> bullets(["one\nline", "two"])
    '- one line\n- two'
    """
    return "\n".join(f"- {' '.join(item.split())}" for item in items)
