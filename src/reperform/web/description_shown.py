"""What the pages of the description show: fields by criterion, problems with their pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from reperform.base.problem import Problem
from reperform.catalog.criteria import DescriptionCriterion
from reperform.program.description import Field, FieldState
from reperform.program.description.scope import PARTS
from reperform.report.document import Block

_SCOPE_PLACES = {
    "Scope: type and period": "period",
    "Scope: commitments": "commitments",
    "Scope: subservices": "subservices",
    "Scope: not applicable": "not_applicable",
}
_COMPONENTS = "dc3.infrastructure"
"""Where somebody begins who is to name a supplier among the components."""


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """A problem and the page where it is put right; empty when there is none."""

    problem: Problem
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One description criterion with its fields."""

    criterion: DescriptionCriterion
    states: list[FieldState]

    @property
    def missing(self) -> int:
        """How many fields are missing."""
        return sum(not state.standing.is_complete for state in self.states)


def groups(criteria: Sequence[DescriptionCriterion], states: Sequence[FieldState]) -> list[Group]:
    """Return the nine, each with its fields."""
    return [
        Group(criterion, [state for state in states if state.field.criterion == criterion.id])
        for criterion in criteria
    ]


def placed(
    problems: Iterable[Problem], fields: Iterable[Field], *, organization: str
) -> list[PlacedProblem]:
    """Return problems with the pages where they are put right."""
    names = {field.label: field.name for field in fields} | {"DC 3 Components": _COMPONENTS}
    found = []
    for problem in problems:
        url = ""
        if problem.where in names:
            url = reverse("description_field", args=[organization, names[problem.where]])
        elif problem.where in _SCOPE_PLACES:
            url = reverse("scope_edit", args=[organization, _SCOPE_PLACES[problem.where]])
        found.append(PlacedProblem(problem, url))
    return found


def scope_part(field: Field) -> str:
    """Return the part of the scope where a field's content is decided; empty for none."""
    return next((PARTS.get(name, name) for name in field.from_scope), "")


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of a document and the name of its kind, for the template."""

    kind: str
    block: Block


def shown(blocks: Iterable[Block]) -> list[ShownBlock]:
    """Return blocks for the template."""
    return [ShownBlock(type(block).__name__, block) for block in blocks]
