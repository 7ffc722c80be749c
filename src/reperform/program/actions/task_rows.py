"""Writing tasks: what every action that makes or changes one has in common."""

from collections.abc import Sequence
from datetime import datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.models import RemediationTask
from reperform.program.plan import TaskFields, TaskState
from reperform.program.plan.order import find_circle


class TaskRefusedError(RefusalError):
    """A task names somebody or something that is not there, or waits for itself."""

    slug = "task-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was changed: {problems[0].where}: {problems[0].what}",
            why="A plan with people or tasks that do not exist cannot be worked off.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


def add_task(
    organization: Organization,
    fields: TaskFields,
    *,
    gap: str,
    number: int | None = None,
    by: str,
    at: datetime,
) -> RemediationTask:
    """Write a new task, without `number` with the next one; the caller holds the lock.

    Raises:
        TaskRefusedError: its owner is no member, or it waits for a task that does not exist, or
            there is a task of that number.
    """
    rows = RemediationTask.objects.filter(organization=organization).order_by("-number")
    if number is not None and rows.filter(number=number).exists():
        raise TaskRefusedError([problem("number", f"there is a task {number} already")])
    task = RemediationTask(
        organization=organization,
        number=number or 1 + (rows.values_list("number", flat=True).first() or 0),
        gap=gap,
        version=0,
    )
    write_task(task, fields, by=by, at=at)
    return task


def write_task(task: RemediationTask, fields: TaskFields, *, by: str, at: datetime) -> None:
    """Write `fields` into `task`, after everything that they name was found.

    Raises:
        TaskRefusedError: somebody or something that they name is not there, or a circle.
    """
    organization = task.organization
    if fields.owner is not None and fields.owner != task.owner_id:
        members = Membership.objects.filter(organization=organization, is_active=True)
        if not members.filter(pk=fields.owner).exists():
            raise TaskRefusedError([problem("owner", "is not a member of the organization")])
    needed = _needed(task, fields)
    _refuse_second_of_gap(task, fields)
    for name in ("title", "note", "criterion", "point", "control", "reason"):
        setattr(task, name, getattr(fields, name))
    task.owner_id = fields.owner
    task.due_on, task.effort_days = fields.due_on, fields.effort_days
    task.risk, task.state = fields.risk.value, fields.state.value
    task.closed_on = fields.closed_on
    task.version += 1
    task.changed_by, task.changed_at = by, at
    task.save()
    task.depends_on.set(needed)


def _refuse_second_of_gap(task: RemediationTask, fields: TaskFields) -> None:
    if not task.gap or fields.state is not TaskState.OPEN:
        return
    same = RemediationTask.objects.filter(
        organization=task.organization, gap=task.gap, state="open"
    ).exclude(pk=task.pk)
    other = same.first()
    if other:
        what = f"cannot be open: task {other.number} is about the same gap"
        raise TaskRefusedError([problem("state", what)])


def _needed(task: RemediationTask, fields: TaskFields) -> list[RemediationTask]:
    if not fields.depends_on:
        return []
    plan = RemediationTask.objects.filter(organization=task.organization)
    needed = list(plan.filter(number__in=fields.depends_on))
    missing = sorted(set(fields.depends_on) - {each.number for each in needed})
    if missing:
        raise TaskRefusedError([problem("depends_on", f"there is no task {missing[0]}")])
    waits: dict[int, list[int]] = {}
    for number, other in plan.exclude(depends_on=None).values_list("number", "depends_on__number"):
        waits.setdefault(number, []).append(other)
    circle = find_circle(waits | {task.number: list(fields.depends_on)})
    if circle:
        named = " waits for ".join(map(str, circle))
        raise TaskRefusedError([problem("depends_on", f"makes a circle: {named}")])
    return needed


def problem(where: str, what: str) -> Problem:
    """Return what is wrong with one field of a task."""
    return Problem(where, what, "choose one that is in the list", "task-refused")
