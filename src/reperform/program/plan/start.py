"""The earliest feasible period start, why it is that day, and why it cannot be said.

A Type 2 period can begin on the first day from which every control that is needed is in place and
leaves evidence.  What nobody knows keeps the day from being said: it is never guessed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.base.months import add_months
from reperform.program.gap import Facet, Readiness, Status
from reperform.program.gap.analysis import GapAnalysis
from reperform.program.plan import PlannedTask, TaskState
from reperform.program.plan.schedule import Schedule, ScheduledTask

PERIOD_MONTHS = (3, 6, 12)
"""Customary lengths of a Type 2 period."""
_SEEN = (Facet.YES, Facet.PARTLY)


@dataclass(frozen=True, slots=True)
class Bound:
    """A day before which the period cannot begin."""

    day: date
    because: str
    task: int | None = None


@dataclass(frozen=True, slots=True)
class _Lack:
    """What is not known of one criterion or control: a sentence with a place for its name."""

    said: str
    name: str


@dataclass(frozen=True, slots=True)
class EarliestStart:
    """The answer.

    Attributes:
        day: the first day on which a period can begin; None when it cannot be said.
        bounds: what decides it, the latest first.
        obstacles: why it cannot be said; empty when it can.
        chain: the tasks that decide the day, the first one first.
    """

    day: date | None
    bounds: tuple[Bound, ...]
    obstacles: tuple[str, ...]
    chain: tuple[ScheduledTask, ...]

    @property
    def ends(self) -> tuple[tuple[int, date], ...]:
        """The last day of a period of 3, 6 and 12 months that begins then."""
        if self.day is None:
            return ()
        return tuple(
            (months, add_months(self.day, months) - timedelta(days=1)) for months in PERIOD_MONTHS
        )


def earliest_start(
    analysis: GapAnalysis, tasks: Sequence[PlannedTask], plan: Schedule
) -> EarliestStart:
    """Return the earliest feasible period start.

    Tasks about a criterion that is not in scope, and tasks about nothing in particular, do not
    move it unless another one waits for them.

    Args:
        analysis: where the program stands.
        tasks: the whole plan, closed tasks too.
        plan: when its open tasks can be done.
    """
    found = list(_found(analysis, tasks, plan))
    bounds = sorted((each for each in found if isinstance(each, Bound)), key=lambda b: b.day)
    obstacles = _obstacles(found)
    if not bounds and not obstacles:
        obstacles = ("nothing is in scope that a control would have to serve",)
    latest = bounds[-1] if bounds else None
    is_known = latest is not None and not obstacles
    return EarliestStart(
        day=latest.day if latest and is_known else None,
        bounds=tuple(reversed(bounds)),
        obstacles=obstacles,
        chain=plan.chain(latest.task) if latest and is_known and latest.task else (),
    )


def _obstacles(found: Sequence[Bound | _Lack | str]) -> tuple[str, ...]:
    """Return each reason once; what is the same of several is one sentence that names them."""
    names: dict[str, list[str]] = {}
    for each in found:
        if isinstance(each, _Lack):
            names.setdefault(each.said, []).append(each.name)
    tasks = dict.fromkeys(each for each in found if isinstance(each, str))
    return (*tasks, *(said.format(", ".join(several)) for said, several in names.items()))


def _found(
    analysis: GapAnalysis, tasks: Sequence[PlannedTask], plan: Schedule
) -> Iterator[Bound | _Lack | str]:
    needed = [each for each in analysis.criteria if each.gap.status is not Status.NOT_APPLICABLE]
    names = {each.criterion.id for each in needed}
    controls = {each.control.id: each for standing in needed for each in standing.controls}
    scheduled = plan.by_number
    about: dict[str, list[PlannedTask]] = {}
    for task in tasks:
        about.setdefault(task.fields.control, []).append(task)
        if task.is_open and (task.fields.criterion in names or task.fields.control in controls):
            yield _of_task(scheduled[task.number], scheduled)
    planned = {task.fields.criterion for task in tasks if task.is_open}
    for standing in needed:
        name = standing.criterion.id
        if not standing.controls and name not in planned:
            yield _Lack("neither a control nor an open task is there for {}", name)
    for code, control in controls.items():
        yield from _of_control(control, analysis, about.get(code, ()))


def _of_task(scheduled: ScheduledTask, every: Mapping[int, ScheduledTask]) -> Bound | str:
    if scheduled.ends is None:
        # The tasks that wait for it are as unknown; only what keeps them is worth saying.
        while scheduled.waits_for and every[scheduled.waits_for].ends is None:
            scheduled = every[scheduled.waits_for]
        task = scheduled.task
        return f"task {task.number} ({task.fields.title}): {scheduled.because}"
    number = scheduled.task.number
    day = scheduled.ends + timedelta(days=1)
    return Bound(day, f"task {number} ends on {scheduled.ends} at the earliest", number)


def _of_control(
    control: Readiness, analysis: GapAnalysis, about: Sequence[PlannedTask]
) -> Iterator[Bound | _Lack | str]:
    """Yield what one control says, given the tasks about it."""
    has_open = any(task.is_open for task in about)
    done = max(
        (t for t in about if t.fields.state is TaskState.DONE and t.fields.closed_on),
        key=lambda task: task.fields.closed_on or date.min,
        default=None,
    )
    yield from _in_place(control, analysis, has_open=has_open, done=done)
    yield from _evidenced(control, analysis, has_open=has_open, done=done)


def _in_place(
    control: Readiness, analysis: GapAnalysis, *, has_open: bool, done: PlannedTask | None
) -> Iterator[Bound | _Lack | str]:
    code, said = control.control.id, analysis.adopted[control.control.id].implemented_on
    if control.implemented is Facet.NO:
        if not has_open:
            yield _Lack("seen not to be in place, and no open task says when it will be: {}", code)
    elif said:
        yield Bound(said, f"management says that {code} is in place from {said} on")
    elif control.implemented in _SEEN and analysis.seen:
        yield Bound(
            analysis.seen.on, f"{code} was seen in place by examination {analysis.seen.number}"
        )
    elif done:
        yield _claimed(code, done)
    elif not has_open:
        yield _Lack(
            "nobody has said since when it is in place, and no open task will tell: {}", code
        )


def _evidenced(
    control: Readiness, analysis: GapAnalysis, *, has_open: bool, done: PlannedTask | None
) -> Iterator[Bound | _Lack | str]:
    code, seen, period = control.control.id, analysis.seen, analysis.scope.period
    if control.evidenced is Facet.YES and period:
        yield Bound(period.first, f"evidence of {code} covers every day from {period.first} on")
    elif control.evidenced in _SEEN and seen:
        yield Bound(seen.on, f"evidence of {code} was collected on {seen.on}")
    elif done:
        yield _claimed(code, done)
    elif not has_open:
        yield _Lack(
            "nobody has seen evidence, and no open task says when there will be any: {}", code
        )


def _claimed(code: str, task: PlannedTask) -> Bound:
    closed = task.fields.closed_on or date.min
    because = f"task {task.number} about {code} is said to be done since {closed}"
    return Bound(closed + timedelta(days=1), f"{because}; no examination has seen it")
