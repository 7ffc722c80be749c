"""Which criteria and points of focus the controls reach: the matrix, and its holes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reperform.catalog.criteria import Criterion, PointOfFocus
from reperform.program.controls.document import State
from reperform.program.controls.listing import ControlRow
from reperform.program.scope.document import ScopeDocument


def applicable(scope: ScopeDocument, criteria: Iterable[Criterion]) -> frozenset[str]:
    """Return the ids of the criteria in scope that apply (all but those of DC 8)."""
    excluded = scope.not_applicable or {}
    return frozenset(
        each.id
        for each in criteria
        if each.category in scope.categories and each.id not in excluded
    )


@dataclass(frozen=True, slots=True)
class CriterionCoverage:
    """One criterion, and what reaches it.

    Attributes:
        criterion: the criterion.
        is_in_scope: whether its category is in scope.
        reason: why it does not apply, as management says; empty when it applies.
        controls: adopted controls that serve it.
        proposed: what the library proposes beside them.
        points: each point of focus with the codes of the adopted controls that address it.
    """

    criterion: Criterion
    is_in_scope: bool
    reason: str
    controls: tuple[ControlRow, ...]
    proposed: tuple[ControlRow, ...]
    points: tuple[tuple[PointOfFocus, tuple[str, ...]], ...]

    @property
    def applies(self) -> bool:
        """Return whether it must be served."""
        return self.is_in_scope and not self.reason

    @property
    def is_hole(self) -> bool:
        """Return whether it applies and no control serves it."""
        return self.applies and not self.controls

    @property
    def open_points(self) -> tuple[PointOfFocus, ...]:
        """Return the points of focus that no adopted control addresses, while it applies."""
        return tuple(point for point, codes in self.points if not codes) if self.applies else ()

    @property
    def standing(self) -> str:
        """Return in two words where it stands."""
        if not self.is_in_scope:
            return "not in scope"
        if self.reason:
            return "not applicable"
        if not self.controls:
            return "no control"
        return "points open" if self.open_points else "served"


def coverage(
    rows: Sequence[ControlRow], *, criteria: Iterable[Criterion], scope: ScopeDocument
) -> list[CriterionCoverage]:
    """Return each criterion with the controls that reach it, in the standard's order."""
    return [_coverage(criterion, rows, scope) for criterion in criteria]


def _coverage(
    criterion: Criterion, rows: Sequence[ControlRow], scope: ScopeDocument
) -> CriterionCoverage:
    reaching = [row for row in rows if criterion.id in row.document.criteria]
    adopted = tuple(row for row in reaching if row.state is State.ADOPTED)
    return CriterionCoverage(
        criterion=criterion,
        is_in_scope=criterion.category in scope.categories,
        reason=(scope.not_applicable or {}).get(criterion.id, ""),
        controls=adopted,
        proposed=tuple(row for row in reaching if row.state is State.PROPOSED),
        points=tuple(
            (point, tuple(row.code for row in adopted if point.id in row.document.points_of_focus))
            for point in criterion.points_of_focus
        ),
    )
