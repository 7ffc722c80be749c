"""Standing text of the reports: Markdown files in `library/report`, one for each passage.

A file has a head (id, title) and a body of paragraphs, `- ` lists and `## ` headings, with
`**bold**`, `` `quoted` `` and `{name}` for a value.  Values are put in after the text has been
read, so that a name which looks like markup stays a name.
"""

import re
from collections.abc import Mapping
from functools import cache

from reperform.base.front_matter import split_front_matter
from reperform.base.refusal import RefusalError
from reperform.catalog.library import library_folder
from reperform.report.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    anchor,
)
from reperform.report.text import Line, Text

_MARKS = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|`(?P<mono>[^`]+)`")
_VALUE = re.compile(r"\{([a-z_]+)\}")


class WordingError(RefusalError):
    """A passage of the report cannot be used."""

    slug = "report-wording"


def template(name: str) -> bytes:
    """Return the bytes of a file in `library/report`.

    Raises:
        LibraryMissingError: there is no library.
    """
    return (library_folder() / "report" / name).read_bytes()


def passage(name: str, values: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """Return the blocks of the passage `name`, with `values` in their places.

    Raises:
        WordingError: the passage names a value that there is none for.
        FrontMatterError: its head cannot be read.
    """
    blocks: list[Block] = []
    for number, part in enumerate(_parts(name)):
        if part.startswith("## "):
            blocks.append(Heading(2, part[3:], anchor("passage", f"{name}-{number}")))
        elif part.startswith("- "):
            items = re.split(r"^- ", part, flags=re.MULTILINE)[1:]
            blocks.append(Bullets(tuple(_runs(item, values or {}, name) for item in items)))
        else:
            blocks.append(Paragraph(_runs(part, values or {}, name)))
    return tuple(blocks)


def passage_lines(name: str, values: Mapping[str, str] | None = None) -> tuple[Line, ...]:
    """Return the lines of a passage for a place that holds lines only, such as a callout."""
    found: list[Line] = []
    for block in passage(name, values):
        if isinstance(block, Paragraph):
            found.append(block.runs)
        elif isinstance(block, Bullets):
            found += block.items
    return tuple(found)


@cache
def _parts(name: str) -> tuple[str, ...]:
    where = f"report/{name}.md"
    text = template(f"{name}.md").decode("utf-8")
    _, body = split_front_matter(text, where=where)
    return tuple(part.strip() for part in re.split(r"\n\s*\n", body) if part.strip())


def _runs(text: str, values: Mapping[str, str], name: str) -> Line:
    one_line = " ".join(text.split())
    found: list[Text] = []
    at = 0
    for mark in _MARKS.finditer(one_line):
        found.append(Text(_filled(one_line[at : mark.start()], values, name)))
        if mark["bold"]:
            found.append(Text(_filled(mark["bold"], values, name), bold=True))
        else:
            found.append(Text(_filled(mark["mono"], values, name), mono=True))
        at = mark.end()
    found.append(Text(_filled(one_line[at:], values, name)))
    return tuple(run for run in found if run.text)


def _filled(text: str, values: Mapping[str, str], name: str) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise WordingError(
                f"the report was not written: report/{name}.md names {{{found[1]}}}",
                why="There is no such value, and a report with an open place would be signed.",
                todo=f"use one of: {', '.join(sorted(values)) or 'no value here'}",
            )
        return values[found[1]]

    return _VALUE.sub(value, text)
