"""Earlier assessments, for programs: a dry run, and the import that does what it showed."""

import json
from datetime import datetime
from typing import Any

from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ProblemOut, Refused
from reperform.base.grid import LARGEST_FILE, read_grid
from reperform.base.visible import file_name
from reperform.catalog.installed import catalog
from reperform.program.actions.assessments import import_assessment
from reperform.program.gap.importing import ImportPlan
from reperform.program.gap.mapping import guess, read_mapping
from reperform.program.models import Assessment
from reperform.program.queries.assessments import assessments, claims, import_plan

router = Router()


class AssessmentOut(Schema):
    """One assessment that was imported."""

    number: int
    file_name: str
    sha256: str
    by: str
    at: datetime


class ClaimOut(Schema):
    """What management claims of a criterion, from a file; never computed."""

    criterion: str
    point: str
    status: str
    note: str
    assessment: int
    row: int


class ImportRowOut(Schema):
    """One row, and what it would do."""

    row: int
    criterion: str
    point: str
    status: str | None
    does: list[str]


class DryRunOut(Schema):
    """What a file would do; send `fingerprint` as `expected` to import it.

    `mapping` is the column of each field, counted from 0.  With a problem nothing is imported.
    """

    fingerprint: str
    mapping: dict[str, int]
    warnings: list[str]
    rows: list[ImportRowOut]
    problems: list[ProblemOut]
    tasks: int


@router.get("", response=list[AssessmentOut], auth=takes("gap.view"))
def list_assessments(request: ApiRequest) -> list[Assessment]:
    """List the assessments that were imported, newest first."""
    return assessments(request.auth.organization)


@router.get("/claims", response=list[ClaimOut], auth=takes("gap.view"))
def list_claims(request: ApiRequest) -> list[Any]:
    """List what is claimed: of each criterion, the rows of the latest assessment that names it."""
    return claims(request.auth.organization)


@router.post("/dry-run", response={200: DryRunOut, 422: Refused}, auth=takes("gap.edit"))
def dry_run(request: ApiRequest, file: File[UploadedFile], mapping: Form[str] = "") -> DryRunOut:
    """Say what a CSV or XLSX file would do; nothing is kept.

    `mapping` is a JSON object from field to column, counted from 0; without it the columns are
    recognized by their names.
    """
    content = file.read(LARGEST_FILE + 1)
    plan = _plan(request, content, file_name(file.name), mapping)
    return DryRunOut(
        fingerprint=plan.fingerprint,
        mapping=dict(plan.mapping),
        warnings=list(plan.grid.warnings),
        rows=[
            ImportRowOut(
                row=row.number,
                criterion=row.criterion,
                point=row.point,
                status=row.status.value if row.status else None,
                does=list(row.does),
            )
            for row in plan.rows
        ],
        problems=[ProblemOut.of(each) for each in plan.every_problem],
        tasks=plan.tasks,
    )


@router.post("", response={201: AssessmentOut, 422: Refused}, auth=takes("gap.edit"))
def import_file(
    request: ApiRequest, file: File[UploadedFile], expected: Form[str], mapping: Form[str] = ""
) -> Status[Assessment]:
    """Import a file: all of it as its dry run showed, or nothing."""
    content = file.read(LARGEST_FILE + 1)
    plan = _plan(request, content, file_name(file.name), mapping)
    made = import_assessment(
        organization=request.auth.organization,
        member=request.auth.membership,
        file_name=plan.grid.name,
        content=content,
        mapping=plan.mapping,
        expected=expected,
        criteria=catalog().criteria,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, made)


def _plan(request: ApiRequest, content: bytes, name: str, mapping: str) -> ImportPlan:
    grid = read_grid(content, name=name)
    try:
        said = json.loads(mapping) if mapping else None
    except (ValueError, RecursionError):
        said = {}
    columns = (
        guess(grid.header)
        if said is None
        else read_mapping(said if isinstance(said, dict) else {}, len(grid.header))
    )
    organization = request.auth.organization
    return import_plan(organization, grid, columns, criteria=catalog().criteria)
