"""Making and changing remediation tasks, one or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions.task_rows import (
    TaskRefusedError,
    add_task,
    problem,
    write_task,
)
from reperform.program.models import RemediationTask
from reperform.program.plan import TaskFields, TaskState
from reperform.program.plan.proposals import Proposal
from reperform.program.queries.plan import planned_task


class TaskNotYoursError(RefusalError):
    """A control owner changes own tasks only."""

    slug = "task-not-yours"


@transaction.atomic
def make_task(
    *,
    organization: Organization,
    fields: TaskFields,
    gap: str = "",
    number: int | None = None,
    by: str,
    at: datetime,
) -> RemediationTask:
    """Make a task.

    Args:
        organization: whose plan it is.
        fields: the task.
        gap: the gap that it was proposed for elsewhere; empty for none.
        number: that it gets; None for the next one.
        by: who makes it.
        at: when.

    Raises:
        TaskRefusedError: its owner is no member, or it waits for a task that does not exist, or
            its number or its gap has a task already.
    """
    _lock(organization)
    task = add_task(organization, fields, gap=gap, number=number, by=by, at=at)
    record(
        log=organization.log,
        act="task.made",
        by=by,
        at=at,
        subject=f"task {task.number}",
        after={**_content(fields), **({"gap": gap} if gap else {})},
    )
    return task


@transaction.atomic
def make_proposed(
    *, organization: Organization, proposals: Sequence[Proposal], by: str, at: datetime
) -> list[RemediationTask]:
    """Make the tasks that were proposed; those whose gap has an open task by now are left out."""
    _lock(organization)
    open_ = RemediationTask.objects.filter(organization=organization, state="open")
    by_gap = {task.gap: task for task in open_ if task.gap}
    made = []
    for proposal in proposals:
        if proposal.gap not in by_gap:
            fields = proposal.fields
            if proposal.after in by_gap:
                fields = replace(fields, depends_on=(by_gap[proposal.after].number,))
            task = add_task(organization, fields, gap=proposal.gap, by=by, at=at)
            by_gap[proposal.gap] = task
            made.append(task)
    if made:
        record(
            log=organization.log,
            act="tasks.proposed",
            by=by,
            at=at,
            subject=f"tasks {made[0].number} to {made[-1].number}",
            after={str(task.number): f"{task.gap}: {task.title}" for task in made},
        )
    return made


@transaction.atomic
def change_task(
    *,
    organization: Organization,
    number: int,
    fields: TaskFields,
    seen: int,
    limited_to: Membership | None,
    by: str,
    at: datetime,
) -> RemediationTask:
    """Change a task, or close it.

    Args:
        organization: whose plan it is.
        number: of the task, which exists.
        fields: the whole task anew.
        seen: the version that is changed.
        limited_to: the member who may change own tasks only; None for one who may change all.
        by: who changes it.
        at: when.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        TaskNotYoursError: it is somebody else's.
        TaskRefusedError: its owner is no member, or it would wait for itself or for nothing.
    """
    _lock(organization)
    task = RemediationTask.objects.get(organization=organization, number=number)
    _refuse_stale(task, seen)
    before = planned_task(task).fields
    _refuse_others_task(task, fields, limited_to)
    if before == fields:
        return task
    write_task(task, fields, by=by, at=at)
    changed = [name for name, value in _content(fields).items() if _content(before)[name] != value]
    closes = before.state is TaskState.OPEN and fields.state is not TaskState.OPEN
    record(
        log=organization.log,
        act="task.closed" if closes else "task.changed",
        by=by,
        at=at,
        subject=f"task {number}",
        before={name: _content(before)[name] for name in changed},
        after={name: _content(fields)[name] for name in changed},
    )
    return task


@transaction.atomic
def change_tasks(
    *,
    organization: Organization,
    seen: Mapping[int, int],
    changes: Mapping[str, Any],
    limited_to: Membership | None,
    by: str,
    at: datetime,
) -> int:
    """Change the same fields of many tasks, or of none; return how many were changed.

    Args:
        organization: whose plan it is.
        seen: number of each task with the version that is changed.
        changes: new values by field of `TaskFields`, such as `owner` or `due_on`.
        limited_to: see `change_task`.
        by: who changes them.
        at: when.

    Raises:
        StaleVersionError: somebody changed one of them in the meantime.
        TaskNotYoursError: one of them is somebody else's.
        TaskRefusedError: one of them does not exist, or the owner is no member.
    """
    _lock(organization)
    rows = RemediationTask.objects.filter(organization=organization, number__in=list(seen))
    tasks = {task.number: task for task in rows.prefetch_related("depends_on")}
    missing = sorted(set(seen) - set(tasks))
    if missing:
        raise TaskRefusedError([problem("tasks", f"there is no task {missing[0]}")])
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for number, task in sorted(tasks.items()):
        _refuse_stale(task, seen[number])
        old = planned_task(task).fields
        new = replace(old, **changes)
        _refuse_others_task(task, new, limited_to)
        if old != new:
            write_task(task, new, by=by, at=at)
            before[str(number)] = {name: _content(old)[name] for name in changes}
            after[str(number)] = {name: _content(new)[name] for name in changes}
    if after:
        record(
            log=organization.log,
            act="tasks.changed",
            by=by,
            at=at,
            subject=f"{len(after)} tasks",
            before=before,
            after=after,
        )
    return len(after)


def _lock(organization: Organization) -> None:
    """Let one change of the plan follow the other: numbers and circles need the whole of it."""
    Organization.objects.select_for_update().get(pk=organization.pk)


def _refuse_stale(task: RemediationTask, seen: int) -> None:
    if task.version != seen:
        raise StaleVersionError(
            f"task {task.number}", seen=seen, current=task.version, by=task.changed_by
        )


def _refuse_others_task(
    task: RemediationTask, fields: TaskFields, limited_to: Membership | None
) -> None:
    if limited_to is None or task.owner_id == fields.owner == limited_to.pk:
        return
    raise TaskNotYoursError(
        f"task {task.number} was not changed: your role changes the tasks that are yours",
        why="Whoever answers for a task must know what it says and that it is theirs.",
        todo="ask its owner or a compliance manager",
    )


def _content(fields: TaskFields) -> dict[str, Any]:
    return asdict(fields)
