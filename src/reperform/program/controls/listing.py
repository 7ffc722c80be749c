"""The list of controls: those that management stated, and what the library proposes beside them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from reperform.catalog.controls import FREQUENCIES, Control
from reperform.catalog.criteria import CRITERION_IDS, category_of
from reperform.program.controls.document import (
    AdoptedDocument,
    ControlDocument,
    State,
    family_of,
    library_document,
)
from reperform.program.controls.flaws import Linter


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One control of the list.

    Attributes:
        code: what it is called here; the library's id while it is only proposed.
        document: what it says.
        state: see `State`.
        library_id: the library's control that it comes from; empty for one of their own.
        stated: what was decided of it; None while it is only proposed.
        is_needed: whether it reaches a criterion in scope.
        is_starter: whether it is of the starter set of the scope.
        has_newer: whether the library's text changed since it was taken.
        flaws: how many things its text does not say, or says vaguely.
    """

    code: str
    document: ControlDocument
    state: State
    library_id: str
    stated: AdoptedDocument | None
    is_needed: bool
    is_starter: bool
    has_newer: bool
    flaws: int

    @property
    def family(self) -> str:
        """Return its family; empty for a code of their own."""
        return family_of(self.library_id or self.code)

    @property
    def version(self) -> int:
        """Return the version to change; 0 while it is only proposed."""
        return self.stated.version if self.stated else 0

    @property
    def owner(self) -> str:
        """Return who answers for it by name; empty while nobody does."""
        return self.stated.owner if self.stated else ""

    @property
    def implemented_on(self) -> date | None:
        """Return the first day that it was at work as it is written."""
        return self.stated.implemented_on if self.stated else None


def control_rows(
    stated: Iterable[AdoptedDocument],
    *,
    library: Sequence[Control],
    in_scope: frozenset[str],
    starter: frozenset[str],
    lint: Linter,
) -> list[ControlRow]:
    """Return every control, stated or proposed, by family and code.

    Args:
        stated: see `queries.stated_controls`.
        library: the library's controls.
        in_scope: ids of the criteria in scope and applicable.
        starter: ids of the library's controls to begin with, see `catalog.starter`.
        lint: see `linter`.
    """
    texts = {control.id: library_document(control) for control in library}
    rows, taken = [], set()
    for each in stated:
        if each.state is State.ADOPTED:
            taken.add(each.library_id)
        now = texts.get(each.library_id)
        rows.append(
            ControlRow(
                code=each.code,
                document=each.document,
                state=each.state,
                library_id=each.library_id,
                stated=each,
                is_needed=not in_scope.isdisjoint(each.document.criteria),
                is_starter=each.library_id in starter,
                has_newer=each.state is State.ADOPTED and now is not None and now != each.taken,
                flaws=len(lint(each.document, each.library_id, bool(each.owner))),
            )
        )
    rows += [
        ControlRow(
            code=library_id,
            document=document,
            state=State.PROPOSED,
            library_id=library_id,
            stated=None,
            is_needed=not in_scope.isdisjoint(document.criteria),
            is_starter=library_id in starter,
            has_newer=False,
            flaws=0,
        )
        for library_id, document in texts.items()
        if library_id not in taken
    ]
    return sorted(rows, key=lambda row: (row.code, row.state is State.PROPOSED))


@dataclass(frozen=True, slots=True)
class ControlFilter:
    """What a list is narrowed to; an empty field narrows nothing.

    Attributes:
        text: words that code, title or text hold, whatever their case.
        state: see `State`.
        family: see `catalog.controls.FAMILIES`.
        criterion: an id.
        category: one of the five.
        owner: number of a member, or `nobody`.
        frequency: see `catalog.controls.FREQUENCIES`.
        nature: see `catalog.controls.NATURES`.
        kind: see `catalog.controls.KINDS`.
        needed: `yes` for those that reach a criterion in scope, `no` for the others.
        starter: `yes` for those of the starter set of the scope, `no` for the others.
        implemented: `yes` or `no`.
        problems: `yes` for those whose text lacks something, or is older than the library's.
        sort: one of `SORTS`, after `-` from the end.
    """

    text: str = ""
    state: str = ""
    family: str = ""
    criterion: str = ""
    category: str = ""
    owner: str = ""
    frequency: str = ""
    nature: str = ""
    kind: str = ""
    needed: str = ""
    starter: str = ""
    implemented: str = ""
    problems: str = ""
    sort: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "ControlFilter":
        """Return the filter that a query says; what it does not know is left out."""
        named = {each.name: sent.get(each.name) for each in fields(cls)}
        return cls(**{name: value[:100] for name, value in named.items() if isinstance(value, str)})

    @property
    def is_empty(self) -> bool:
        """Return whether every control is listed."""
        return not any(getattr(self, each.name) for each in fields(self) if each.name != "sort")


SORTS: Mapping[str, Callable[[ControlRow], Any]] = MappingProxyType(
    {
        "code": lambda row: row.code,
        "title": lambda row: row.document.title.casefold(),
        "owner": lambda row: (row.owner or row.document.owner_role).casefold(),
        "frequency": lambda row: FREQUENCIES.index(row.document.frequency),
        "state": lambda row: list(State).index(row.state),
        "implemented": lambda row: row.implemented_on or date.max,
        "problems": lambda row: row.flaws,
    }
)
"""What a list may be sorted by."""


def listed(rows: Iterable[ControlRow], chosen: ControlFilter) -> list[ControlRow]:
    """Return the rows that a filter leaves, sorted as it says."""
    found = [row for row in rows if _has_values(row, chosen) and _has_facts(row, chosen)]
    key = SORTS.get(chosen.sort.removeprefix("-"))
    if key is None:
        return found
    return sorted(found, key=key, reverse=chosen.sort.startswith("-"))


def _has_values(row: ControlRow, chosen: ControlFilter) -> bool:
    document = row.document
    held = {
        "state": row.state.value,
        "family": row.family,
        "frequency": document.frequency,
        "nature": document.nature,
        "kind": document.kind,
    }
    if any(getattr(chosen, name) not in ("", value) for name, value in held.items()):
        return False
    if chosen.criterion and chosen.criterion not in document.criteria:
        return False
    if chosen.category:
        known = {category_of(name) for name in document.criteria if name in CRITERION_IDS}
        if chosen.category not in known:
            return False
    words = f"{row.code} {document.title} {document.text}".casefold()
    return all(word in words for word in chosen.text.casefold().split())


def _has_facts(row: ControlRow, chosen: ControlFilter) -> bool:
    number = row.stated.owner_number if row.stated else None
    if chosen.owner and chosen.owner != (str(number) if number else "nobody"):
        return False
    facts = {
        "needed": row.is_needed,
        "starter": row.is_starter,
        "implemented": row.implemented_on is not None,
        "problems": bool(row.flaws) or row.has_newer,
    }
    return all(
        getattr(chosen, name) in ("", "yes" if holds else "no") for name, holds in facts.items()
    )
