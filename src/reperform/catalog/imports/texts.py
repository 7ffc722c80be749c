"""Every text of a user's file, looked at for flaws."""

from collections.abc import Iterable, Iterator

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.flaws import blanks_at_line_ends, flaws
from reperform.catalog.imports.tree import Listing, Mapping, Scalar, Tree


def scalars(tree: Tree, *, where: str) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of every key and value, in the file's order."""
    waiting: list[tuple[str, Tree]] = [("", tree)]
    while waiting:
        name, value = waiting.pop()
        place = f"{where}: line {value.line}{f': {name}' if name else ''}"
        if isinstance(value, Scalar):
            yield place, value.text or ""
        elif isinstance(value, Listing):
            waiting += [(name, item) for item in reversed(value.items)]
        elif isinstance(value, Mapping):
            for key, (line, _) in value.entries.items():
                yield f"{where}: line {line}: the key", key
            items = [(visible(key, limit=60), item) for key, (_, item) in value.entries.items()]
            waiting += reversed(items)


def value_problems(texts: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Yield what is wrong with single values."""
    for place, text in texts:
        for flaw in flaws(text):
            yield flaw.problem(place)


def line_problems(text: str, *, where: str) -> Iterator[Problem]:
    """Yield what is wrong at the ends of a file's lines, where a parser does not look."""
    for flaw in blanks_at_line_ends(text):
        yield flaw.problem(f"{where}: line {text.count(chr(10), 0, flaw.at) + 1}")
