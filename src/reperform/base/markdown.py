"""Markdown that people bring -> HTML that is safe to show, or its tokens for other formats.

CommonMark with tables.  HTML in the text is shown as text, pictures are not read at all, and a
link leads to http, https or mailto or stays text.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LINK = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE | re.ASCII)
_DEEPEST = 20
"""Blocks within blocks; what is deeper is left as text."""


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST})
    parser.enable("table").disable(["image", "html_block", "html_inline"])
    parser.validateLink = lambda url: bool(_LINK.fullmatch(url))  # type: ignore[method-assign]
    return parser


_PARSER = _parser()


def tokens(text: str, *, top: int = 1) -> Sequence[Token]:
    """Return the text's tokens; no heading skips a level on the way down.

    Args:
        text: Markdown.
        top: level that the highest headings get.
    """
    found = _PARSER.parse(text)
    levels = [int(each.tag[1]) for each in found if each.type == "heading_open"]
    highest, above = min(levels, default=1), top - 1
    for number, each in enumerate(found):
        if each.type == "heading_open":
            above = min(int(each.tag[1]) - highest + top, above + 1, 6)
            each.tag = found[number + 2].tag = f"h{above}"
    return found


def to_html(text: str, *, top: int = 2) -> str:
    r"""Return HTML that holds nothing but what the text says.

    >>> to_html("# A\n\nSee [x](javascript:alert) <b>")
    '<h2>A</h2>\n<p>See [x](javascript:alert) &lt;b&gt;</p>\n'
    """
    found = tokens(text, top=top)
    for each in found:
        for child in each.children or ():
            if child.type == "link_open":
                child.attrSet("rel", "nofollow noopener noreferrer")
    return str(_PARSER.renderer.render(found, _PARSER.options, {}))
