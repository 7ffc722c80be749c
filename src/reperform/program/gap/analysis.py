"""Management's gap analysis: every criterion in scope, the controls adopted for it, what was seen.

It rests on the scope, on what management adopted and on the latest examination, and says on
which.  Controls that the library only proposes are named, and count for nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reperform.catalog.controls import Control
from reperform.catalog.criteria import Criterion, PointOfFocus
from reperform.program.gap import CriterionGap, Facet, Readiness, Status, analyze_criterion
from reperform.program.gap.controls import Adopted, assess_adopted, put_right
from reperform.program.gap.seen import Seen, caveats
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.scope.document import ScopeDocument

_NAMED = 5
_IN_PLACE = (Facet.YES, Facet.PARTLY)


class PointState(StrEnum):
    """How a point of focus is addressed.  It illustrates its criterion and is no requirement."""

    IN_PLACE = "addressed, seen in place"
    DESIGNED = "addressed on paper"
    OPEN = "not addressed"


@dataclass(frozen=True, slots=True)
class PointStanding:
    """One point of focus, and the controls that address it."""

    point: PointOfFocus
    state: PointState
    controls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposedControl:
    """A control of the library that serves a criterion and was not adopted."""

    id: str
    title: str
    was_seen: bool
    """The latest examination saw it in place, at least in part."""


@dataclass(frozen=True, slots=True)
class CriterionStanding:
    """One criterion in scope.

    Attributes:
        gap: status and facets; its `reason` names what is missing.
        points: every point of focus, in order.
        controls: the adopted controls that serve it, in order of their codes.
        proposed: controls of the library that management could adopt.
        traces: what the registers say of the criterion as a whole.
    """

    gap: CriterionGap
    points: tuple[PointStanding, ...]
    controls: tuple[Readiness, ...]
    proposed: tuple[ProposedControl, ...]
    traces: tuple[Trace, ...] = ()

    @property
    def criterion(self) -> Criterion:
        """The criterion."""
        return self.gap.criterion


@dataclass(frozen=True, slots=True)
class GapAnalysis:
    """Where the program stands, and on what that rests.

    Attributes:
        scope: the scope as it stands.
        scope_number: its version; 0 while nothing is decided.
        seen: the latest examination; None while there is none.
        caveats: why what was seen is not evidence for this scope.
        criteria: every criterion in scope, in the standard's order.
        adopted: every adopted control, by code.
        readiness: how far each of them has come, by code.
        traces: what the registers say of each control, by code.
    """

    scope: ScopeDocument
    scope_number: int
    seen: Seen | None
    caveats: tuple[str, ...]
    criteria: tuple[CriterionStanding, ...]
    adopted: Mapping[str, Adopted]
    readiness: Mapping[str, Readiness]
    traces: Mapping[str, Sequence[Trace]]

    def counts(self, category: str = "") -> dict[Status, int]:
        """Return how many criteria have each status, of one category or of all."""
        found = Counter(
            each.gap.status for each in self.criteria if category in ("", each.criterion.category)
        )
        return {status: found[status] for status in Status}

    def standing(self, criterion: str) -> CriterionStanding | None:
        """Return one criterion; None when it is not in scope."""
        return next((each for each in self.criteria if each.criterion.id == criterion), None)


def analyze_gaps(
    *,
    criteria: Sequence[Criterion],
    library: Sequence[Control],
    library_digest: str,
    scope: ScopeDocument,
    scope_number: int,
    adopted: Sequence[Adopted],
    seen: Seen | None,
    traces: Sequence[Trace] = (),
) -> GapAnalysis:
    """Return management's gap analysis.

    Args:
        criteria: the 61.
        library: every control of the library.
        library_digest: see `catalog.library.library_digest`.
        scope: the scope as it stands.
        scope_number: its version.
        adopted: the controls in force.
        seen: the latest examination; None while there is none.
        traces: what the registers say, of a control or of a criterion.
    """
    own = {each.control.id: each for each in sorted(adopted, key=lambda each: each.control.id)}
    said: dict[str, list[Trace]] = {}
    for trace in traces:
        for about in (trace.control,) if trace.control else trace.criteria:
            said.setdefault(about, []).append(trace)
    readiness = {
        code: assess_adopted(each, seen=seen, scope=scope, traces=said.get(code, ()))
        for code, each in own.items()
    }
    taken = {each.library_id for each in adopted}
    offered = [control for control in library if control.id not in taken]
    reasons = scope.not_applicable or {}
    return GapAnalysis(
        scope=scope,
        scope_number=scope_number,
        seen=seen,
        caveats=caveats(seen, scope, library=library_digest),
        criteria=tuple(
            _standing(
                criterion,
                [each for each in readiness.values() if criterion.id in each.control.criteria],
                own=own,
                proposed=_proposed(criterion, offered, seen),
                not_applicable=reasons.get(criterion.id, ""),
                traces=tuple(said.get(criterion.id, ())),
            )
            for criterion in criteria
            if criterion.category in scope.categories
        ),
        adopted=own,
        readiness=readiness,
        traces={code: said[code] for code in own if code in said},
    )


def _proposed(
    criterion: Criterion, offered: Sequence[Control], seen: Seen | None
) -> tuple[ProposedControl, ...]:
    return tuple(
        ProposedControl(control.id, control.title, was_seen=_was_seen(control.id, seen))
        for control in offered
        if criterion.id in control.criteria
    )


def _was_seen(control: str, seen: Seen | None) -> bool:
    found = seen.controls.get(control) if seen else None
    return found is not None and found.implemented in _IN_PLACE


def _standing(
    criterion: Criterion,
    controls: Sequence[Readiness],
    *,
    own: Mapping[str, Adopted],
    proposed: tuple[ProposedControl, ...],
    not_applicable: str,
    traces: tuple[Trace, ...],
) -> CriterionStanding:
    gap = analyze_criterion(criterion, controls, not_applicable=not_applicable)
    status, reason, steps = gap.status, gap.reason, gap.steps
    if status in (Status.PARTLY, Status.NOT_MET):
        reason = _missing(controls, own) if controls else _no_control(proposed)
    lacking = [each for each in traces if each.state is TraceState.LACKING]
    if lacking and status is not Status.NOT_APPLICABLE:
        status = Status.PARTLY if status is Status.MET else status
        reason = " ".join([reason, *(f"{each.register}: {each.said}" for each in lacking)])
        steps = (*steps, *map(put_right, lacking))
    return CriterionStanding(
        gap=replace(gap, status=status, reason=reason, steps=steps),
        traces=traces,
        points=tuple(_point(point, controls) for point in criterion.points_of_focus),
        controls=tuple(controls),
        proposed=proposed,
    )


def _point(point: PointOfFocus, controls: Sequence[Readiness]) -> PointStanding:
    addressing = [each for each in controls if point.id in each.control.points_of_focus]
    seen = [each for each in addressing if each.implemented in _IN_PLACE]
    state = PointState.IN_PLACE if seen else PointState.DESIGNED if addressing else PointState.OPEN
    return PointStanding(point, state, tuple(each.control.id for each in seen or addressing))


def _no_control(proposed: Sequence[ProposedControl]) -> str:
    if not proposed:
        return "No control is adopted for it, and the library proposes none."
    seen = sum(each.was_seen for each in proposed)
    also = f", of which {seen} {'was' if seen == 1 else 'were'} seen in place" if seen else ""
    return f"No control is adopted for it; the library proposes {len(proposed)}{also}."


def _missing(controls: Sequence[Readiness], own: Mapping[str, Adopted]) -> str:
    """Name what keeps the controls from being complete, and which controls."""
    every = controls
    unknown = [c for c in every if _is_unknown(c)]
    controls = [c for c in every if not _is_unknown(c)]
    lacks = (
        ("Nobody has examined", unknown),
        ("Not seen in place", [c for c in controls if c.implemented not in _IN_PLACE]),
        ("Seen in part", [c for c in controls if c.implemented is Facet.PARTLY]),
        ("Without evidence for all days", [c for c in controls if c.evidenced is not Facet.YES]),
        ("Tests found exceptions", [c for c in controls if c.operated is Facet.NO]),
        (
            "Not shown to operate",
            [c for c in controls if c.operated in (Facet.UNKNOWN, Facet.PARTLY)],
        ),
        ("Nobody answers for", [c for c in every if not own[c.control.id].owner]),
    )
    return " ".join(f"{said}: {_listed(short)}." for said, short in lacks if short)


def _is_unknown(control: Readiness) -> bool:
    return {control.implemented, control.evidenced} == {Facet.UNKNOWN}


def _listed(controls: Sequence[Readiness]) -> str:
    names = [each.control.id for each in controls]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
