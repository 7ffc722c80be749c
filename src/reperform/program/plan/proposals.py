"""Tasks that the gap analysis suggests: one for each gap, and none twice.

A gap has a name that stays the same from day to day, as in `CHG-01/evidence`.  A gap that has an
open task, or whose task was dropped for a reason, is not proposed again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reperform.program.gap import Facet, Readiness, Status
from reperform.program.gap.analysis import CriterionStanding, GapAnalysis
from reperform.program.plan import LONGEST_TITLE, Risk, TaskFields, TaskState

_NAMED = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """A task that could be made.

    Attributes:
        gap: name of the gap that it closes.
        fields: what it would say; its effort is for people to estimate.
        after: name of the gap whose task it would wait for; empty for none.
    """

    gap: str
    fields: TaskFields
    after: str = ""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What could be made, and what is not proposed again.

    Attributes:
        new: no task is about these gaps.
        again: the same, for gaps whose task was said to be done; the gap is still there.
        has_task: gaps that an open task is about.
        dropped: gaps whose task was dropped.
    """

    new: tuple[Proposal, ...]
    again: tuple[Proposal, ...]
    has_task: tuple[Proposal, ...]
    dropped: tuple[Proposal, ...]

    @property
    def offered(self) -> tuple[Proposal, ...]:
        """Everything that can be made."""
        return (*self.new, *self.again)


def propose(analysis: GapAnalysis, tasks: dict[str, Sequence[TaskState]]) -> Proposals:
    """Return what could be made of the gaps.

    Args:
        analysis: where the program stands.
        tasks: for each gap that a task was ever made for, the states of its tasks.
    """
    sorted_: dict[str, list[Proposal]] = {"new": [], "again": [], "has_task": [], "dropped": []}
    for each in _every(analysis):
        states = tasks.get(each.gap, ())
        kind = (
            "has_task"
            if TaskState.OPEN in states
            else "dropped"
            if TaskState.DROPPED in states
            else "again"
            if states
            else "new"
        )
        sorted_[kind].append(each)
    return Proposals(**{name: tuple(found) for name, found in sorted_.items()})


def _every(analysis: GapAnalysis) -> Iterator[Proposal]:
    open_ = [
        each for each in analysis.criteria if each.gap.status in (Status.PARTLY, Status.NOT_MET)
    ]
    for standing in open_:
        if not standing.controls:
            yield _choose_control(standing)
    controls = {each.control.id: each for standing in open_ for each in standing.controls}
    unowned = [code for code in sorted(controls) if not analysis.adopted[code].owner]
    if unowned:
        yield _name_owners(unowned)
    in_scope = {standing.criterion.id for standing in open_}
    for code in sorted(controls):
        yield from _of_control(controls[code], analysis, in_scope)


def _choose_control(standing: CriterionStanding) -> Proposal:
    criterion = standing.criterion
    offered = ", ".join(each.id for each in standing.proposed[:_NAMED])
    return Proposal(
        gap=f"{criterion.id}/control",
        fields=TaskFields(
            title=f"Choose or write a control for {criterion.id} ({criterion.title})",
            note=f"The library proposes: {offered}." if offered else "",
            criterion=criterion.id,
            risk=Risk.HIGH,
        ),
    )


def _name_owners(codes: Sequence[str]) -> Proposal:
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return Proposal(
        gap="owners",
        fields=TaskFields(
            title=f"Name who answers for {', '.join(codes[:_NAMED])}{more}", risk=Risk.HIGH
        ),
    )


def _of_control(
    control: Readiness, analysis: GapAnalysis, in_scope: set[str]
) -> Iterator[Proposal]:
    code, adopted = control.control.id, analysis.adopted[control.control.id]
    criterion = next(name for name in control.control.criteria if name in in_scope)
    note = "\n".join(control.reasons)

    def proposal(kind: str, title: str, risk: Risk, after: str = "") -> Proposal:
        fields = TaskFields(
            title=title[:LONGEST_TITLE],
            note=note,
            criterion=criterion,
            control=code,
            owner=adopted.owner_number,
            risk=risk,
        )
        return Proposal(f"{code}/{kind}", fields, after)

    placed = control.implemented is Facet.NO or (
        control.implemented is Facet.UNKNOWN and adopted.implemented_on is None
    )
    if placed:
        yield proposal("in place", f"Put {code} in place: {control.control.title}", Risk.HIGH)
    if control.operated is Facet.NO:
        yield proposal(
            "deviations", f"Find and remove the cause of the deviations of {code}", Risk.HIGH
        )
    if control.evidenced is not Facet.YES:
        yield proposal(
            "evidence",
            f"Keep the evidence of {code} and show it: {control.control.title}",
            Risk.MEDIUM,
            after=f"{code}/in place" if placed else "",
        )


def states_by_gap(gaps: Sequence[tuple[str, str]]) -> dict[str, Sequence[TaskState]]:
    """Return the states of the tasks of each gap, from pairs of gap and state.

    >>> states_by_gap([("CHG-01/evidence", "done"), ("CHG-01/evidence", "open"), ("", "open")])
    {'CHG-01/evidence': [<TaskState.DONE: 'done'>, <TaskState.OPEN: 'open'>]}
    """
    found: dict[str, list[TaskState]] = {}
    for gap, state in gaps:
        if gap:
            found.setdefault(gap, []).append(TaskState(state))
    return dict(found)
