"""When the plan can be done: efforts, dependencies, and people who do one task at a time.

Working days are Monday to Friday.  Holidays and absences are not known, so every day that comes
out is the earliest: people's calendars can only make it later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reperform.program.plan import PlannedTask
from reperform.program.plan.order import in_order

_FRIDAY = 4
_WEEK = 5
_LAST_YEAR = 9000
"""Beyond it no calendar is of use, and a day is not known."""


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """When one open task can be done.

    Attributes:
        task: the task.
        starts: its first working day; None when that cannot be said.
        ends: its last working day; None when that cannot be said.
        waits_for: number of the task that decides when it starts; None when nothing does.
        because: why it starts then, or why that cannot be said.
    """

    task: PlannedTask
    starts: date | None
    ends: date | None
    waits_for: int | None
    because: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When every open task can be done, in the order of work."""

    today: date
    tasks: tuple[ScheduledTask, ...]

    @property
    def by_number(self) -> Mapping[int, ScheduledTask]:
        """The tasks by number."""
        return {each.task.number: each for each in self.tasks}

    @property
    def ends(self) -> date | None:
        """The day on which everything is done; None when it cannot be said, or nothing is open."""
        ends = [each.ends for each in self.tasks]
        known = [day for day in ends if day]
        return max(known) if known and len(known) == len(ends) else None

    def chain(self, number: int) -> tuple[ScheduledTask, ...]:
        """Return the tasks that decide when task `number` ends, the first one first."""
        found: list[ScheduledTask] = []
        at: int | None = number
        every = self.by_number
        while at is not None:
            found.append(every[at])
            at = every[at].waits_for
        return tuple(reversed(found))


def working_day(day: date) -> date:
    """Return `day`, or the Monday after it when it is on a weekend.

    >>> str(working_day(date(2026, 8, 1)))
    '2026-08-03'
    """
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > _FRIDAY else 0)


def last_day(first: date, effort: int) -> date | None:
    """Return the last of `effort` working days that begin on the working day `first`.

    >>> str(last_day(date(2026, 8, 6), 3))
    '2026-08-10'
    >>> last_day(date(8999, 12, 1), 400)
    """
    weeks, rest = divmod(effort - 1, _WEEK)
    days = 7 * weeks + rest + (2 if first.weekday() + rest > _FRIDAY else 0)
    if first.year + days // 365 >= _LAST_YEAR:
        return None
    return first + timedelta(days=days)


def schedule(tasks: Sequence[PlannedTask], *, today: date) -> Schedule:
    """Return when each open task can be done at the earliest.

    Each person does their tasks one after another, in the order of `in_order`; so does whoever
    will do the tasks that nobody is named for.  The order is fixed before efforts are looked at,
    so a greater effort never makes any task end earlier.

    Args:
        tasks: the whole plan; a closed task keeps nobody waiting.
        today: the first day on which work can be done.
    """
    made: dict[int, ScheduledTask] = {}
    latest_of: dict[int | None, ScheduledTask] = {}
    for task in in_order([each for each in tasks if each.is_open]):
        before = [made[each] for each in task.fields.depends_on if each in made]
        own = latest_of.get(task.fields.owner)
        found = _scheduled(task, before, own, today=today)
        made[task.number] = latest_of[task.fields.owner] = found
    return Schedule(today, tuple(made.values()))


def _scheduled(
    task: PlannedTask, before: Sequence[ScheduledTask], own: ScheduledTask | None, *, today: date
) -> ScheduledTask:
    """Return the task after all that it waits for."""
    waits = [*before, *([own] if own else [])]
    unknown = next((each for each in waits if each.ends is None), None)
    if unknown:
        because = f"nobody can say when task {unknown.task.number} ends"
        return ScheduledTask(task, None, None, unknown.task.number, because)
    decides = max(waits, key=lambda each: each.ends or today, default=None)
    first, because, number = working_day(today), "nothing keeps it waiting", None
    if decides and decides.ends and decides.ends >= first:
        first = working_day(decides.ends + timedelta(days=1))
        number = decides.task.number
        because = (
            f"task {number} must be done first"
            if decides in before
            else f"{task.owner_name or 'whoever will do it'} does task {number} before"
        )
    if task.fields.effort_days is None:
        return ScheduledTask(task, first, None, number, "its effort is not estimated")
    ends = last_day(first, task.fields.effort_days)
    if ends is None:
        because = f"it would end after the year {_LAST_YEAR}"
    return ScheduledTask(task, first, ends, number, because)
