"""Places in a text that somebody must fill, ours and those of other templates.

Ours are `{{ company }}`.  Files from elsewhere have `{{.Name}}` (Go), `{{name}}` and
`{{{name}}}` (Mustache): all of them can be filled by name.  A mark that says more than a name,
such as `{{#if}}`, `{% if %}`, `<% %>` or `${...}`, cannot: somebody must edit the text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_NAME = 60
LONGEST_VALUE = 300
_MARK = re.compile(
    r"\{\{\{?[^{}\n]{0,200}\}\}\}?|\{%[^\n]{0,200}?%\}|<%[^\n]{0,200}?%>|\$\{[^{}\n]{0,200}\}"
    r"|\{\{|\}\}|\{%|%\}|<%|%>"
)
_NAMED = re.compile(r"\{\{\{?\s*[.&]?\s*([A-Za-z_][A-Za-z0-9_.-]{0,59})\s*\}\}\}?", re.ASCII)
_WORDS = frozenset({"else", "end", "if", "range", "with", "block", "define", "template", "this"})
"""Names that are commands in Go's templates or Handlebars."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a template says of one of its placeholders.

    Attributes:
        means: what is to be written.
        example: as somebody might fill it.
        known: `organization` or `system` where the program knows the value; empty otherwise.
    """

    means: str
    example: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What in a text is to be filled.

    Attributes:
        names: of placeholders, each once, in the text's order.
        others: marks that are no name, each once: the text must be edited.
    """

    names: tuple[str, ...]
    others: tuple[str, ...]


def marks(text: str) -> Marks:
    """Return everything in a text that stands for something else.

    >>> marks("{{ company }} and {{.Name}}, {{#needGDPR}}x")
    Marks(names=('company', 'Name'), others=('{{#needGDPR}}',))
    """
    names, others = dict[str, None](), dict[str, None]()
    for mark, name in _found(text):
        (names if name else others)[name or mark] = None
    return Marks(tuple(names), tuple(others))


def unfilled(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return what still stands for something else: names without a value, then other marks."""
    found = marks(text)
    return (*(name for name in found.names if not values.get(name)), *found.others)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the value of each placeholder that has one.

    >>> fill("{{ company }} and {{.Name}}", {"company": "Larkspur"})
    'Larkspur and {{.Name}}'
    """

    def filled(found: re.Match[str]) -> str:
        name = _name(found[0])
        return values.get(name) or found[0]

    return _MARK.sub(filled, text)


def _found(text: str) -> Iterator[tuple[str, str]]:
    for found in _MARK.finditer(text):
        yield found[0], _name(found[0])


def _name(mark: str) -> str:
    found = _NAMED.fullmatch(mark)
    return "" if found is None or found[1].lower() in _WORDS else found[1]
