"""Questions about earlier assessments: what a file would do, and what management claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reperform.accounts.models import Membership, Organization
from reperform.base.grid import Grid
from reperform.catalog.criteria import Criterion
from reperform.program.gap.importing import ImportPlan, Known, plan_import
from reperform.program.models import (
    AdoptedControl,
    Assessment,
    ClaimedStatus,
    RemediationTask,
)
from reperform.program.queries import current_scope


@dataclass(frozen=True, slots=True)
class Claim:
    """What management claims of a criterion, from a file; never computed."""

    criterion: str
    point: str
    status: str
    note: str
    row: int
    file_name: str
    assessment: int
    at: datetime


def import_plan(
    organization: Organization,
    grid: Grid,
    mapping: Mapping[str, int],
    *,
    criteria: Sequence[Criterion],
) -> ImportPlan:
    """Return what a file would do now; nothing is written."""
    scope = current_scope(organization).document
    members = Membership.objects.filter(organization=organization, is_active=True)
    controls = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    tasks = RemediationTask.objects.filter(organization=organization, state="open")
    known = Known(
        points={c.id: frozenset(point.id for point in c.points_of_focus) for c in criteria},
        in_scope=frozenset(c.id for c in criteria if c.category in scope.categories),
        members={
            email.lower(): number for email, number in members.values_list("user__email", "pk")
        },
        controls=frozenset(controls.values_list("code", flat=True)),
        open_tasks={
            (criterion, control, title): number
            for number, criterion, control, title in tasks.values_list(
                "number", "criterion", "control", "title"
            )
        },
    )
    return plan_import(grid, mapping, known)


def assessments(organization: Organization) -> list[Assessment]:
    """Return every assessment that was imported, newest first."""
    return list(Assessment.objects.filter(organization=organization).order_by("-number"))


def claims(organization: Organization, criterion: str = "") -> list[Claim]:
    """Return what is claimed by criterion: the rows of the latest assessment that names it."""
    rows = ClaimedStatus.objects.filter(assessment__organization=organization)
    if criterion:
        rows = rows.filter(criterion=criterion)
    ordered = rows.select_related("assessment").order_by("-assessment__number", "row")
    latest: dict[str, int] = {}
    return [
        Claim(
            criterion=row.criterion,
            point=row.point,
            status=row.status,
            note=row.note,
            row=row.row,
            file_name=row.assessment.file_name,
            assessment=row.assessment.number,
            at=row.assessment.at,
        )
        for row in ordered
        if latest.setdefault(row.criterion, row.assessment_id) == row.assessment_id
    ]
