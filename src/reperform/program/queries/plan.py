"""Questions about the remediation plan."""

from reperform.accounts.models import Organization
from reperform.program.models import ReadinessSnapshot, RemediationTask
from reperform.program.plan import PlannedTask, Risk, TaskFields, TaskState
from reperform.program.readiness import ReadinessDay, readiness_days


def planned_tasks(organization: Organization) -> list[PlannedTask]:
    """Return the whole plan by number, closed tasks too."""
    rows = RemediationTask.objects.filter(organization=organization).order_by("number")
    return [
        planned_task(row)
        for row in rows.select_related("owner__user").prefetch_related("depends_on")
    ]


def task_row(organization: Organization, number: int) -> RemediationTask | None:
    """Return one task; None when the organization has none of that number."""
    rows = RemediationTask.objects.filter(organization=organization, number=number)
    return rows.select_related("owner__user").prefetch_related("depends_on").first()


def planned_task(row: RemediationTask) -> PlannedTask:
    """Return a task as the plan reads it."""
    return PlannedTask(
        number=row.number,
        owner_name=str(row.owner.user) if row.owner else "",
        version=row.version,
        fields=TaskFields(
            title=row.title,
            note=row.note,
            criterion=row.criterion,
            point=row.point,
            control=row.control,
            owner=row.owner_id,
            due_on=row.due_on,
            effort_days=row.effort_days,
            risk=Risk(row.risk),
            depends_on=tuple(sorted(each.number for each in row.depends_on.all())),
            state=TaskState(row.state),
            closed_on=row.closed_on,
            reason=row.reason,
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
