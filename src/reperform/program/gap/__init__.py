"""Gap (readiness) analysis: what stands between the program and a criterion that is met.

Pure: facts about controls come in, judgments with reasons go out.  The rule that matters most:
a criterion is never met while evidence is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reperform.catalog.controls import Control
from reperform.catalog.criteria import Criterion, PointOfFocus


class Facet(StrEnum):
    """How far one side of a control has come.  Unknown is not no, and never yes."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"
    NOT_EXAMINED = "not examined"
    """Operation in a Type 1, which does not look at it."""


class Status(StrEnum):
    """How a criterion stands before any auditor has looked."""

    MET = "met"
    PARTLY = "partly met"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Readiness:
    """One control's four facets, each with a sentence that says why.

    Attributes:
        control: the control.
        designed: management has adopted it (partly: only proposed by the library).
        implemented: it was seen in place.
        evidenced: evidence covers the period.
        operated: tests of it found no exceptions.
        reasons: why, in the order of the facets that are not `yes`.
        steps: what to do next, most important first.
        notes: what a facet that is `yes` rests on, where a person's judgment is part of it.
    """

    control: Control
    designed: Facet
    implemented: Facet
    evidenced: Facet
    operated: Facet
    reasons: tuple[str, ...]
    steps: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Every facet is yes, or not examined by this type of report."""
        facets = (self.designed, self.implemented, self.evidenced, self.operated)
        return all(facet in (Facet.YES, Facet.NOT_EXAMINED) for facet in facets)


@dataclass(frozen=True, slots=True)
class CriterionGap:
    """One criterion in scope and what it lacks."""

    criterion: Criterion
    status: Status
    reason: str
    designed: Facet
    implemented: Facet
    evidenced: Facet
    operated: Facet
    controls: tuple[str, ...]
    missing_points: tuple[PointOfFocus, ...]
    steps: tuple[str, ...]


def analyze_criterion(
    criterion: Criterion, controls: Sequence[Readiness], *, not_applicable: str = ""
) -> CriterionGap:
    """Return how `criterion` stands, given every control that is mapped to it.

    * not applicable: management gave a reason (DC 8).
    * met: there is a control, and every control mapped is complete.
    * partly met: at least one control was seen in place.
    * not met: everything else, such as no control, or none that evidence speaks of.
    """
    status, reason = _judge(controls, not_applicable)
    addressed = {
        point
        for control in controls
        if control.implemented in (Facet.YES, Facet.PARTLY)
        for point in control.control.points_of_focus
    }
    return CriterionGap(
        criterion=criterion,
        status=status,
        reason=reason,
        designed=_together([control.designed for control in controls]),
        implemented=_together([control.implemented for control in controls]),
        evidenced=_together([control.evidenced for control in controls]),
        operated=_together([control.operated for control in controls]),
        controls=tuple(control.control.id for control in controls),
        missing_points=tuple(
            point for point in criterion.points_of_focus if point.id not in addressed
        ),
        steps=() if status is Status.NOT_APPLICABLE else _steps(controls),
    )


def _judge(controls: Sequence[Readiness], not_applicable: str) -> tuple[Status, str]:
    if not_applicable:
        return Status.NOT_APPLICABLE, f"Management's reason: {not_applicable}"
    if not controls:
        return Status.NOT_MET, "No control is designed for it."
    complete = [control for control in controls if control.is_complete]
    if len(complete) == len(controls):
        return Status.MET, f"All {len(controls)} controls are adopted, in place and evidenced."
    seen = [control for control in controls if control.implemented in (Facet.YES, Facet.PARTLY)]
    lacking = _lacking(controls)
    if seen:
        return (
            Status.PARTLY,
            f"{len(seen)} of {len(controls)} controls were seen in place; {lacking}",
        )
    return Status.NOT_MET, f"None of {len(controls)} controls was seen in place; {lacking}"


def _lacking(controls: Sequence[Readiness]) -> str:
    """Say in numbers what keeps the controls from being complete."""
    parts = [
        (Facet.YES, "designed", "not adopted by management"),
        (Facet.YES, "evidenced", "without evidence for the whole period"),
        (Facet.YES, "operated", "not shown to operate without exceptions"),
    ]
    said = []
    for wanted, facet, words in parts:
        short = [c for c in controls if getattr(c, facet) not in (wanted, Facet.NOT_EXAMINED)]
        if short:
            said.append(f"{len(short)} {words}")
    return ", ".join(said) + "."


def _together(facets: Sequence[Facet]) -> Facet:
    """Return one facet for several controls: yes only when all are, no when there is none."""
    if not facets:
        return Facet.NO
    if len(set(facets)) == 1:
        return facets[0]
    if any(facet in (Facet.YES, Facet.PARTLY) for facet in facets):
        return Facet.PARTLY
    return Facet.UNKNOWN if Facet.UNKNOWN in facets else Facet.NO


def _steps(controls: Sequence[Readiness]) -> tuple[str, ...]:
    if not controls:
        return ("Choose or write a control for it, and name its owner.",)
    return tuple(
        f"{control.control.id}: {control.steps[0]}" for control in controls if control.steps
    )
