"""Tree -> rows: everything in a document that may be an entry, by the way to it."""

from collections.abc import Iterator

from reperform.base.visible import visible
from reperform.catalog.imports.entries import (
    ID_NAMES,
    KEY,
    REFERENCE_NAMES,
    Cell,
    Groups,
    Path,
    Row,
    plain,
)
from reperform.catalog.imports.tree import Listing, Mapping, Scalar, Tree


def rows_of_tree(tree: Tree, *, where: str) -> Groups:
    """Return everything in a tree that may be an entry, grouped by the way to it."""
    groups: Groups = {}
    waiting: list[tuple[Path, Tree]] = [((), tree)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Listing):
            _take_list(value, (*path, "[]"), groups, where)
            waiting += [((*path, "[]"), item) for item in reversed(value.items)]
        elif isinstance(value, Mapping):
            is_entry = any(plain(name) in ID_NAMES for name in value.entries)
            for name, (line, item) in value.entries.items():
                groups.setdefault((*path, "{}"), []).append(_keyed(name, line, item, where))
                if not (is_entry and plain(name) in REFERENCE_NAMES):
                    waiting.append(((*path, plain(name)), item))
    return groups


def _take_list(value: Listing, path: Path, groups: Groups, where: str) -> None:
    """Take mappings, and bare ids unless the list is a field's references."""
    is_references = len(path) > 1 and path[-2] in REFERENCE_NAMES
    for item in value.items:
        if isinstance(item, Mapping):
            groups.setdefault(path, []).append(_row(item, where))
        elif isinstance(item, Scalar) and not is_references:
            groups.setdefault(path, []).append(_keyed(item.text or "", item.line, item, where))


def _row(mapping: Mapping, where: str) -> Row:
    cells: dict[str, Cell] = {}
    for name, (line, value) in mapping.entries.items():
        place = f"{where}: line {line}: {visible(name, limit=60)}"
        cell = Cell(name, place, tuple(_texts(value)), is_list=not isinstance(value, Scalar))
        cells.setdefault(plain(name), cell)
    return Row(f"{where}: line {mapping.line}", cells)


def _keyed(key: str, line: int, value: Tree, where: str) -> Row:
    place = f"{where}: line {line}"
    cells = {KEY: Cell("id", place, (key,))}
    if isinstance(value, Mapping):
        cells |= _row(value, where).cells
    elif isinstance(value, Scalar) and value.text != key:
        cells["text"] = Cell("text", place, (value.text or "",))
    return Row(place, cells, is_keyed=True, has_fields=isinstance(value, Mapping))


def _texts(value: Tree) -> Iterator[str]:
    """Yield the scalars of a field: its own, its items', or those of its items' fields."""
    if isinstance(value, Scalar):
        yield value.text or ""
    for item in value.items if isinstance(value, Listing) else ():
        fields = [entry for _, entry in item.entries.values()] if isinstance(item, Mapping) else []
        yield from (part.text or "" for part in (item, *fields) if isinstance(part, Scalar))
