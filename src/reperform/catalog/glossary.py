"""The field's words, from GLOSSARY.md, one paragraph a term: pages explain them in place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reperform
from reperform.catalog.library import LibraryMissingError

_TERM = re.compile(r"^\*\*(?P<names>[^*]+)\.\*\* (?P<text>.+)$", re.MULTILINE)
_MARKUP = re.compile(r"[*`]")


@dataclass(frozen=True, slots=True)
class Term:
    """One paragraph of the glossary.

    Attributes:
        name: the first word that it explains; its place on the page is named after it.
        names: every word that it explains.
        text: plain text.
    """

    name: str
    names: tuple[str, ...]
    text: str

    @property
    def anchor(self) -> str:
        """What a link to it ends with.

        >>> Term("Carve-out", ("Carve-out", "inclusive"), "").anchor
        'carve-out'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def read_glossary(text: str) -> tuple[Term, ...]:
    r"""Return the terms of a glossary in Markdown.

    >>> read_glossary("# Words\n\n**Blob, lump.** An *answer* of a `source`.\n")
    (Term(name='Blob', names=('Blob', 'lump'), text='An answer of a source.'),)
    """
    found = []
    for match in _TERM.finditer(text):
        names = tuple(name.strip() for name in match["names"].split(","))
        found.append(Term(names[0], names, _MARKUP.sub("", match["text"])))
    return tuple(found)


def explained(name: str, terms: Sequence[Term]) -> Term | None:
    """Return the term that explains `name`, whatever its capitals; None when there is none."""
    wanted = name.lower()
    return next((term for term in terms if wanted in map(str.lower, term.names)), None)


@cache
def glossary() -> tuple[Term, ...]:
    """Return the glossary of this installation: in the wheel, or in the checkout.

    Raises:
        LibraryMissingError: it is in neither place.
    """
    package = Path(reperform.__file__).resolve().parent
    for file in (package / "_glossary.md", package.parents[1] / "GLOSSARY.md"):
        if file.is_file():
            return read_glossary(file.read_text("utf-8"))
    raise LibraryMissingError(
        f"the glossary was not found: {package / '_glossary.md'} does not exist",
        why="Pages would use the field's words and could not explain them.",
        todo="install reperform again",
    )
