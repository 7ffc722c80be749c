"""A control as management states it, apart from where it is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from reperform.catalog.controls import FAMILIES, Control


@dataclass(frozen=True, slots=True)
class ControlDocument:
    """What a control says.

    Attributes:
        title: a few words.
        text: who does what, on what, how often, leaving which trace.
        criteria: ids of the criteria that it serves.
        points_of_focus: ids of the points of focus that it addresses.
        nature: preventive, detective or corrective.
        kind: manual, automated or mixed.
        frequency: how often it operates.
        owner_role: the role that answers for it.
        evidence: the traces that it leaves.
        policies: the policies that it carries out.
        population: the items that it operates on, and the system that lists them.
    """

    title: str = ""
    text: str = ""
    criteria: tuple[str, ...] = ()
    points_of_focus: tuple[str, ...] = ()
    nature: str = ""
    kind: str = ""
    frequency: str = ""
    owner_role: str = ""
    evidence: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    population: str = ""


LABELS: Mapping[str, str] = {
    "title": "Title",
    "text": "Text",
    "criteria": "Criteria",
    "points_of_focus": "Points of focus",
    "nature": "Nature",
    "kind": "Kind",
    "frequency": "Frequency",
    "owner_role": "Owner's role",
    "evidence": "Evidence",
    "policies": "Policies",
    "population": "Population",
}
"""What each field is called on a page, in order."""
_LISTS = ("criteria", "points_of_focus", "evidence", "policies")


class State(StrEnum):
    """Where a control stands."""

    ADOPTED = "adopted"
    PROPOSED = "proposed"
    """The library has it; management has not taken it."""
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class AdoptedDocument:
    """A control of an organization: what it says, and what was decided of it.

    Attributes:
        code: what the organization calls it.
        document: what it says.
        library_id: the library's control that it was adopted from; empty for one of their own.
        taken: the library's text as it was when it was taken; None for one of their own.
        owner: who answers for it by name; empty while nobody does.
        owner_number: number of that member; None while nobody does.
        owner_is_active: whether that member may still sign in.
        adopted_on: the day that management took it.
        implemented_on: the first day that it was at work as it is written; None before it is.
        retired_on: the day from which it is no more; None while it is.
        retired_because: why.
        version: counts its changes.
        changed_by: who made the last.
    """

    code: str
    document: ControlDocument
    library_id: str
    taken: ControlDocument | None
    owner: str
    owner_number: int | None
    owner_is_active: bool
    adopted_on: date
    implemented_on: date | None
    retired_on: date | None
    retired_because: str
    version: int
    changed_by: str

    @property
    def state(self) -> State:
        """Return whether it is in force."""
        return State.RETIRED if self.retired_on else State.ADOPTED

    @property
    def is_tailored(self) -> bool:
        """Return whether it says something else than the library's text that was taken."""
        return self.taken is not None and self.document != self.taken


class Kept(Protocol):
    """Whatever has the fields of a document as attributes."""

    title: str
    text: str
    criteria: Any
    points_of_focus: Any
    nature: str
    kind: str
    frequency: str
    owner_role: str
    evidence: Any
    policies: Any
    population: str


def document_of(kept: Kept) -> ControlDocument:
    """Return the document that something keeps."""
    return ControlDocument(
        title=kept.title,
        text=kept.text,
        criteria=tuple(kept.criteria),
        points_of_focus=tuple(kept.points_of_focus),
        nature=kept.nature,
        kind=kept.kind,
        frequency=kept.frequency,
        owner_role=kept.owner_role,
        evidence=tuple(kept.evidence),
        policies=tuple(kept.policies),
        population=kept.population,
    )


def library_document(control: Control) -> ControlDocument:
    """Return what the library's control says."""
    return ControlDocument(
        title=control.title,
        text=_unwrapped(control.text),
        criteria=control.criteria,
        points_of_focus=control.points_of_focus,
        nature=control.nature,
        kind=control.kind,
        frequency=control.frequency,
        owner_role=control.owner,
        evidence=control.evidence,
        policies=control.policies,
        population=" ".join(control.population.split()),
    )


def _unwrapped(text: str) -> str:
    """Join the lines of each paragraph: the library's files break them at 100 characters."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def control_content(document: ControlDocument) -> dict[str, Any]:
    """Return the JSON object that keeps a document."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(document).items()
    }


def kept_content(content: Mapping[str, Any]) -> ControlDocument | None:
    """Return the document that `control_content` gave; None for an empty object.

    Fields that a later version added are empty in it.
    """
    if not content:
        return None
    texts = {name: str(content.get(name, "")) for name in LABELS}
    lists = {name: tuple(map(str, content.get(name) or ())) for name in _LISTS}
    return ControlDocument(
        title=texts["title"],
        text=texts["text"],
        criteria=lists["criteria"],
        points_of_focus=lists["points_of_focus"],
        nature=texts["nature"],
        kind=texts["kind"],
        frequency=texts["frequency"],
        owner_role=texts["owner_role"],
        evidence=lists["evidence"],
        policies=lists["policies"],
        population=texts["population"],
    )


def changed_fields(before: ControlDocument, after: ControlDocument) -> tuple[str, ...]:
    """Return the names of the fields that differ, in order."""
    return tuple(name for name in LABELS if getattr(before, name) != getattr(after, name))


def shown_value(document: ControlDocument, name: str) -> str:
    """Return one field as text, a list as one line for each of its items."""
    value = getattr(document, name)
    return "\n".join(value) if isinstance(value, tuple) else value


def family_of(code: str) -> str:
    """Return the family that a code begins with; empty when it is none of the library's.

    >>> family_of("CHG-01"), family_of("OWN-01")
    ('CHG', '')
    """
    start = code.partition("-")[0]
    return start if start in FAMILIES else ""
