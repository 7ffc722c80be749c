"""Every text of a user's file, looked at for flaws."""

from collections.abc import Iterable, Iterator

from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.catalog.flaws import flaws
from reperform.catalog.imports.tree import Listing, Mapping, Scalar, Tree

_LONGEST = 100_000


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
        if len(text) > _LONGEST:
            what, todo = f"has {len(text):,} characters", "shorten it: no criterion is that long"
            yield Problem(place, what, todo, "catalog-field")
        for flaw in flaws(text[:_LONGEST]):
            yield flaw.problem(place)


def line_problems(text: str, *, where: str) -> Iterator[Problem]:
    """Yield what is wrong at the ends of a file's lines, where a parser does not look."""
    for flaw in flaws(text):
        if flaw.slug == "text-blanks":
            line = text.count("\n", 0, flaw.at) + 1
            yield flaw.problem(f"{where}: line {line}")
