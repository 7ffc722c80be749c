"""Examinations and their files, for programs."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import FileResponse, Http404
from ninja import Query, Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import Page
from reperform.audit import queries
from reperform.audit.models import ExaminationRecord

router = Router()
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]
_OUTPUTS = ("report.pdf", "report.html", "gap.pdf", "gap.html", "results.json", "bundle.zip")


class ExaminationOut(Schema):
    """One examination; `summary` counts tests by conclusion and criteria by status."""

    number: int
    type: int
    first_day: date
    last_day: date
    at: datetime
    summary: dict[str, Any]
    results_sha256: str
    bundle_sha256: str


@router.get("", response=Page[ExaminationOut], auth=takes("results.view"))
def list_examinations(
    request: ApiRequest,
    offset: Offset = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List the examinations, newest first."""
    found = queries.examinations(request.auth.organization)
    return {
        "items": list(found[offset : offset + limit]),
        "total": found.count(),
        "offset": offset,
    }


@router.get("/{int:number}", response=ExaminationOut, auth=takes("results.view"))
def read_examination(request: ApiRequest, number: int) -> ExaminationRecord:
    """Return one examination."""
    return _found(request, number)


@router.get("/{int:number}/results", auth=takes("results.view"))
def read_results(request: ApiRequest, number: int) -> FileResponse:
    """Return results.json, byte for byte."""
    return _file(request, number, "results.json")


@router.get("/{int:number}/files/{str:name}", auth=takes("results.view"))
def read_file(request: ApiRequest, number: int, name: str) -> FileResponse:
    """Return one of report.pdf, report.html, gap.pdf, gap.html, results.json, bundle.zip."""
    return _file(request, number, name)


def _found(request: ApiRequest, number: int) -> ExaminationRecord:
    found = queries.examination(request.auth.organization, number)
    if found is None:
        raise Http404
    return found


def _file(request: ApiRequest, number: int, name: str) -> FileResponse:
    found = _found(request, number)
    path = queries.output_path(found, name)
    if name not in _OUTPUTS or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)
