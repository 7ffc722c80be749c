"""Importing an earlier assessment: all of it as its dry run showed, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from reperform.accounts.models import Membership, Organization
from reperform.base.canonical import sha256_hex
from reperform.base.grid import read_grid
from reperform.catalog.criteria import Criterion
from reperform.ledger.actions import record
from reperform.program.actions.importing import refuse_unseen
from reperform.program.actions.task_rows import add_task
from reperform.program.actions.uploads import forget_upload
from reperform.program.models import Assessment, ClaimedStatus
from reperform.program.queries.assessments import import_plan

PURPOSE = "assessment"
"""Of a file that waits for its import."""


@transaction.atomic
def import_assessment(
    *,
    organization: Organization,
    member: Membership,
    file_name: str,
    content: bytes,
    mapping: Mapping[str, int],
    expected: str,
    criteria: Sequence[Criterion],
    by: str,
    at: datetime,
) -> Assessment:
    """Take up an earlier assessment: a claim for each row, and a task for each gap.

    Args:
        organization: whose program it is.
        member: who imports; a file that was kept for them is forgotten.
        file_name: as the user knows it.
        content: the file, byte for byte.
        mapping: column by field.
        expected: fingerprint of what the dry run showed.
        criteria: the 61.
        by: who imports.
        at: when.

    Raises:
        FileRefusedError: it is no table.
        ImportProblemsError: a row has a problem.
        ImportChangedError: it would do something else by now.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    plan = import_plan(organization, read_grid(content, name=file_name), mapping, criteria=criteria)
    refuse_unseen(plan, expected=expected, file=file_name, what="Tasks, members or controls")
    latest = Assessment.objects.filter(organization=organization).order_by("-number").first()
    made = Assessment.objects.create(
        organization=organization,
        number=latest.number + 1 if latest else 1,
        file_name=file_name,
        sha256=sha256_hex(content),
        by=by,
        at=at,
    )
    ClaimedStatus.objects.bulk_create(
        ClaimedStatus(
            assessment=made,
            row=row.number,
            criterion=row.criterion,
            point=row.point,
            status=row.status,
            note=row.note,
        )
        for row in plan.rows
        if row.status
    )
    tasks = [row.task for row in plan.rows if row.task]
    numbers = [add_task(organization, each, gap="", by=by, at=at).number for each in tasks]
    forget_upload(member=member, purpose=PURPOSE)
    record(
        log=organization.log,
        act="assessment.imported",
        by=by,
        at=at,
        subject=f"assessment {made.number}",
        after={
            "file": file_name,
            "sha256": made.sha256,
            "rows": len(plan.rows),
            "claims": dict(plan.claims),
            "tasks": numbers,
        },
    )
    return made
