"""What a catalog's entries are, whatever the file calls them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reperform.catalog.imports.spelling import canonical_id, referred_ids

_PLAIN = re.compile(r"[^a-z0-9]+")

ID_NAMES = (
    "id",
    "identifier",
    "refid",
    "ref",
    "referenceid",
    "controlid",
    "criterionid",
    "criteriaid",
    "requirementid",
    "code",
    "number",
    "criterion",
    "control",
)
TITLE_NAMES = ("title", "name", "shortname", "label", "subject")
TEXT_NAMES = (
    "text",
    "description",
    "statement",
    "guidance",
    "criteriontext",
    "criteriadescription",
    "controldescription",
    "requirement",
    "prose",
    "body",
    "summary",
)
REFERENCE_NAMES = (
    "criteria",
    "criteriamappings",
    "criteriamapping",
    "criterion",
    "criterionids",
    "criteriaids",
    "tsc",
    "soc2",
    "satisfies",
    "mappings",
    "mappedcriteria",
    "trustservicescriteria",
)

KEY = ""
"""The name of the cell that holds an entry's key, when a mapping's keys are the ids."""


def plain(name: str) -> str:
    """Return a field's name as it is compared.

    >>> plain("Criteria_ID")
    'criteriaid'
    """
    return _PLAIN.sub("", name.casefold())


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of an entry: its name as written, its place, its texts (a list has several)."""

    name: str
    where: str
    texts: tuple[str, ...]
    is_list: bool = False

    @property
    def text(self) -> str:
        """The only text; empty for a list, and for nothing."""
        return self.texts[0] if len(self.texts) == 1 and not self.is_list else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping or line of a file that may be an entry.

    Attributes:
        where: file and line or row.
        cells: by plain name.
        is_keyed: it stands under a key, which may be its id.
        has_fields: it is a mapping or a row of a table, and not a single value.
    """

    where: str
    cells: dict[str, Cell]
    is_keyed: bool = False
    has_fields: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a catalog.

    Attributes:
        where: file and line or row.
        id: as it is spelled.
        texts: the title and text fields that are there.
        references: ids of criteria that it refers to, as spelled.
    """

    where: str
    id: str
    texts: tuple[Cell, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of one file.

    Attributes:
        criteria: those whose ids are criteria's.
        controls: those that refer to criteria.
    """

    criteria: tuple[Entry, ...]
    controls: tuple[Entry, ...]


Path = tuple[str, ...]
"""The way to a value: names of fields, `[]` into a list, `{}` for a mapping's keys."""

Groups = dict[Path, list[Row]]
"""Rows of one kind, by the way to them."""


def entries_of(groups: Groups) -> Found:
    """Return the entries among the rows.

    A group is of criteria when the id of one of its rows has the form of a criterion's, and of
    controls when one of its rows refers to something of that form.  What lies inside an entry
    is a part of it and no entry.
    """
    criteria: list[Entry] = []
    controls: list[Entry] = []
    taken: list[Path] = []
    for path in sorted(groups, key=lambda path: (len(path), path)):
        rows = groups[path]
        id_name = _id_name(rows)
        if id_name is None or any(_is_inside(path, other) for other in taken):
            continue
        entries = [_entry(row, id_name) for row in rows if _is_entry(row, id_name)]
        if any(canonical_id(entry.id) for entry in entries):
            criteria += entries
            taken.append(path)
        elif any(entry.references for entry in entries):
            controls += entries
            taken.append(path)
    return Found(tuple(criteria), tuple(controls))


def _is_inside(path: Path, other: Path) -> bool:
    """Return whether `path` leads into the entries that were found at `other`."""
    way = other[:-1] if other[-1] == "{}" else other
    return len(path) > len(way) and path[: len(way)] == way


def _is_entry(row: Row, id_name: str) -> bool:
    """Tell an entry from a remark, such as `name: TSC`, that stands beside entries."""
    if id_name != KEY or not row.is_keyed:
        return True
    key = row.cells[KEY].text
    if canonical_id(key):
        return True
    if row.has_fields:
        return any(name in row.cells for name in (*TITLE_NAMES, *TEXT_NAMES, *REFERENCE_NAMES))
    return "text" in row.cells and any(char.isdigit() for char in key)


def _id_name(rows: Sequence[Row]) -> str | None:
    """Return the name of the field that holds the ids: the one with most ids of criteria."""
    names = {name for row in rows for name in row.cells}
    choices = [name for name in (*ID_NAMES, KEY) if name in names]
    choices = choices or [name for name in REFERENCE_NAMES if name in names]

    def hits(name: str) -> int:
        return sum(bool(name in row.cells and canonical_id(row.cells[name].text)) for row in rows)

    return max(choices, key=lambda name: (hits(name), -choices.index(name)), default=None)


def _entry(row: Row, id_name: str) -> Entry:
    references = [
        reference
        for name in REFERENCE_NAMES
        if name in row.cells and name != id_name
        for text in row.cells[name].texts
        for reference in referred_ids(text)
    ]
    return Entry(
        where=row.where,
        id=row.cells[id_name].text if id_name in row.cells else "",
        texts=tuple(row.cells[name] for name in (*TITLE_NAMES, *TEXT_NAMES) if name in row.cells),
        references=tuple(references),
    )
