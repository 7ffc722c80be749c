"""Questions about the remediation plan."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Literal

from django.db.models import OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.program.gap.readiness import ReadinessDay, readiness_days
from reperform.program.models import AdoptedControl, ReadinessSnapshot, RemediationTask
from reperform.program.plan import PlannedTask, Risk, TaskFields, TaskState

_AS_THEY_ARE = (
    *("title", "note", "criterion", "point", "control"),
    *("due_on", "effort_days", "closed_on", "reason"),
)
_COLUMNS = ("number", "version", "owner_id", "risk", "state", *_AS_THEY_ARE)
CLOSED_SHOWN = 20
"""Closed tasks that are shown beside the open ones of a criterion, those closed last."""


def planned_tasks(organization: Organization) -> list[PlannedTask]:
    """Return the whole plan by number, closed tasks too: what goes out as a file."""
    return _planned(_rows(organization).order_by("number"))


def deciding_tasks(organization: Organization) -> list[PlannedTask]:
    """Return the tasks that decide when what happens: open ones, and those done last.

    A plan that was worked off for years has thousands of closed tasks.  Of these only the one that
    was done last about each control in force says anything of today.
    """
    done = RemediationTask.objects.filter(
        organization=OuterRef("organization"), state="done", control=OuterRef("code")
    )
    newest = done.order_by("-closed_on", "number").values("pk")[:1]
    controls = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    chosen = Q(state="open") | Q(pk__in=list(controls.values_list(Subquery(newest), flat=True)))
    return _planned(_rows(organization).filter(chosen).order_by("number"))


def has_tasks(organization: Organization) -> bool:
    """Return whether there is any task, open or closed."""
    return RemediationTask.objects.filter(organization=organization).exists()


def open_tasks(organization: Organization) -> list[PlannedTask]:
    """Return the open tasks by number."""
    return _planned(_rows(organization).filter(state="open").order_by("number"))


def tasks_about(
    organization: Organization, criterion: str, controls: Collection[str]
) -> list[PlannedTask]:
    """Return the open tasks about a criterion or one of its controls, and those closed last."""
    about = _rows(organization).filter(Q(criterion=criterion) | Q(control__in=controls))
    closed = about.exclude(state="open").order_by("-closed_on", "-number")[:CLOSED_SHOWN]
    return _planned(about.filter(state="open").order_by("number")) + _planned(closed)


def tasks_like(
    organization: Organization,
    *,
    states: Collection[str],
    owner: int | Literal["nobody"] | None = None,
    criterion: str = "",
    due_before: date | None = None,
) -> QuerySet[RemediationTask]:
    """Return tasks by number, each as `planned_task` reads it.

    Args:
        organization: whose plan it is.
        states: of the tasks; empty for any.
        owner: number of the member who does them; `nobody` for none, None for any.
        criterion: that they are about; empty for any.
        due_before: they are due before that day; None for any.
    """
    found = _rows(organization).order_by("number")
    if states:
        found = found.filter(state__in=states)
    if owner == "nobody":
        found = found.filter(owner=None)
    elif owner is not None:
        found = found.filter(owner=owner)
    if criterion:
        found = found.filter(criterion=criterion)
    return found if due_before is None else found.filter(due_on__lt=due_before)


def _rows(organization: Organization) -> QuerySet[RemediationTask]:
    rows = RemediationTask.objects.filter(organization=organization)
    return rows.select_related("owner__user").prefetch_related("depends_on")


def _planned(rows: QuerySet[RemediationTask]) -> list[PlannedTask]:
    """Return many tasks, read as columns: a row of the model for each costs three times as much."""
    found = list(rows.values_list("pk", "owner__user__name", "owner__user__email", *_COLUMNS))
    waits: dict[int, list[int]] = {}
    through = RemediationTask.depends_on.through.objects.filter(
        from_remediationtask__in=[each[0] for each in found]
    )
    pairs = through.values_list("from_remediationtask", "to_remediationtask__number")
    for task, needed in pairs:
        waits.setdefault(task, []).append(needed)
    return [
        _task(dict(zip(_COLUMNS, said, strict=True)), name or email or "", waits.get(task, []))
        for task, name, email, *said in found
    ]


def task_row(organization: Organization, number: int) -> RemediationTask | None:
    """Return one task; None when the organization has none of that number."""
    rows = RemediationTask.objects.filter(organization=organization, number=number)
    return rows.select_related("owner__user").prefetch_related("depends_on").first()


def planned_task(row: RemediationTask) -> PlannedTask:
    """Return a task as the plan reads it."""
    said = {name: getattr(row, name) for name in _COLUMNS}
    name = str(row.owner.user) if row.owner else ""
    return _task(said, name, [each.number for each in row.depends_on.all()])


def _task(said: Mapping[str, Any], owner_name: str, depends_on: list[int]) -> PlannedTask:
    own = {name: said[name] for name in _AS_THEY_ARE}
    return PlannedTask(
        number=said["number"],
        owner_name=owner_name,
        version=said["version"],
        fields=TaskFields(
            owner=said["owner_id"],
            risk=Risk(said["risk"]),
            depends_on=tuple(sorted(depends_on)),
            state=TaskState(said["state"]),
            **own,
        ),
    )


def gaps_with_tasks(organization: Organization) -> list[tuple[str, str]]:
    """Return the gap and the state of each task that was proposed for one."""
    rows = RemediationTask.objects.filter(organization=organization).exclude(gap="")
    return list(rows.values_list("gap", "state"))


def recorded_days(organization: Organization) -> list[ReadinessDay]:
    """Return every day on which readiness was recorded, the first one first."""
    rows = ReadinessSnapshot.objects.filter(organization=organization)
    return readiness_days(list(rows.values_list("on", "content")))
