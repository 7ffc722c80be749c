"""A mapping tried: what it makes of the first rows of each file, and what is wrong, row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reperform.connectors.answer import NotCollectedError
from reperform.connectors.content import NotReadError
from reperform.connectors.contract import Asking
from reperform.connectors.folder import Files
from reperform.connectors.lists.connector import facts_from, names_of
from reperform.connectors.lists.drop import reached
from reperform.connectors.lists.files import LARGEST, rows_of
from reperform.connectors.lists.reading import Facts, read_file
from reperform.connectors.lists.rules import RuleError
from reperform.connectors.lists.values import Wrong
from reperform.connectors.settings import Access

MOST_FILES = 5
_MOST_WRONG = 20
_FIRST = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """What a mapping makes of one file.

    Attributes:
        name: of the file.
        refused: why it cannot be read at all; empty when it can.
        fields: names of its fields; `unused` are those that the mapping does not name.
        first: its first rows, as they are: number and cells in the order of `fields`.
        mapped: the first rows that count: number and columns.
        rows: how many count, and `left_out` how many lack what the mapping calls `only`.
        wrong: the first that is wrong, and `wrong_count` how much is.
    """

    name: str
    refused: str = ""
    fields: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    first: Sequence[tuple[int, Sequence[str]]] = ()
    mapped: Sequence[tuple[int, Mapping[str, Any]]] = ()
    rows: int = 0
    left_out: int = 0
    wrong: Sequence[Wrong] = ()
    wrong_count: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What a mapping makes of the folder.

    Attributes:
        flaw: why it cannot be followed, or why there is nothing to read; empty for neither.
        files: at most `MOST_FILES` of those that count.
        more: how many others there are.
    """

    flaw: str = ""
    files: tuple[Tried, ...] = ()
    more: int = 0


def tried(access: Access, asking: Asking, mapping: Sequence[str]) -> Trial:
    """Return what a mapping makes of the files of a connection; nothing is kept.

    Args:
        access: the connection's settings.
        asking: when.
        mapping: the lines that are tried, instead of those that are kept.
    """
    facts = replace(facts_from(access, asking), mapping=tuple(mapping))
    try:
        with reached(access) as place:
            return _tried(place, facts, dated=access.text("dated"))
    except NotCollectedError as error:
        return Trial(error.what)


def _tried(place: Files, facts: Facts, *, dated: str) -> Trial:
    names = names_of(place, dated)
    flaw, found = "", []
    for name in names[:MOST_FILES]:
        raw, refused = place.read(name, LARGEST)
        if refused:
            found.append(Tried(name, refused))
            continue
        seen = _seen(name, raw, facts.delimiter)
        try:
            read = (
                read_file(raw, name=name, facts=facts)
                if facts.mapping and not seen.refused
                else None
            )
        except RuleError as error:
            flaw, read = str(error), None
        except NotReadError as error:
            seen, read = replace(seen, refused=str(error)), None
        if read is not None:
            seen = replace(
                seen,
                unused=read.unused,
                mapped=read.rows[:_FIRST],
                rows=len(read.rows),
                left_out=read.left_out,
                wrong=read.wrong[:_MOST_WRONG],
                wrong_count=len(read.wrong),
            )
        found.append(seen)
    return Trial(flaw, tuple(found), max(0, len(names) - MOST_FILES))


def _seen(name: str, raw: bytes, delimiter: str) -> Tried:
    """Return a file as it is, before any mapping."""
    try:
        rows = rows_of(raw, name=name, delimiter=delimiter)
    except NotReadError as error:
        return Tried(name, str(error))
    first = [
        (number, ["" if row.get(each) is None else str(row[each])[:80] for each in rows.fields])
        for number, row in rows.rows[:_FIRST]
    ]
    return Tried(name, fields=rows.fields, unused=rows.fields, first=first)
