"""Examinations, their tests and their files, for programs."""

from datetime import date, datetime
from typing import Any

from django.http import FileResponse, Http404
from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged, sends
from reperform.audit import queries
from reperform.audit.models import ExaminationRecord
from reperform.audit.outputs import OUTPUTS
from reperform.audit.waived_shown import exceptions_shown

router = Router()


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


class TestOut(Schema):
    """One test of a control: its population, and what was concluded."""

    id: str
    control: str
    title: str
    nature: str
    conclusion: str
    population: int
    passed: int
    deviations: int
    reason: str | None
    sha256: str


class ExceptionOut(Schema):
    """One item that did not pass: `deviation` or `unable`; `waivers` says how each stands to it."""

    item: str
    outcome: str
    reason: str | None
    occurred_at: str | None = None
    waivers: list[str]


@router.get("", response=Page[ExaminationOut], auth=takes("results.view"))
def list_examinations(
    request: ApiRequest, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the examinations, newest first."""
    found = queries.examinations(request.auth.organization)
    return paged(found, offset, limit, ExaminationOut.from_orm)


@router.get("/{int:number}", response=ExaminationOut, auth=takes("results.view"))
def read_examination(request: ApiRequest, number: int) -> ExaminationRecord:
    """Return one examination."""
    return _found(request, number)


@router.get("/{int:number}/tests", response=Page[TestOut], auth=takes("results.view"))
def list_tests(
    request: ApiRequest,
    number: int,
    conclusion: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the tests of an examination; those with one conclusion when it is named."""
    found = [
        test
        for test in _found(request, number).results["tests"]
        if conclusion in ("", test["conclusion"])
    ]
    return paged(found, offset, limit, TestOut.model_validate)


@router.get("/{int:number}/tests/{str:test_id}", response=TestOut, auth=takes("results.view"))
def read_test(request: ApiRequest, number: int, test_id: str) -> dict[str, Any]:
    """Return one test."""
    return _test(request, number, test_id)


@router.get(
    "/{int:number}/tests/{str:test_id}/exceptions",
    response=Page[ExceptionOut],
    auth=takes("results.view"),
)
def list_exceptions(
    request: ApiRequest,
    number: int,
    test_id: str,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List every item of a test that did not pass; the items that did are in the bundle."""
    results = _found(request, number).results
    found = exceptions_shown(results, _test(request, number, test_id))
    return paged(found, offset, limit, ExceptionOut.model_validate)


class ReconciliationOut(TestOut):
    """One list against another source's: `agrees`, `differs` or `unable to compare`."""

    left: str
    right: str
    missing: list[str]
    unable: int


@router.get(
    "/{int:number}/reconciliations",
    response=Page[ReconciliationOut],
    auth=takes("results.view"),
)
def list_reconciliations(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the reconciliations; rows that do not agree are exceptions of `/tests/{test_id}`."""
    found = _found(request, number).results.get("reconciliations", [])
    return paged(found, offset, limit, ReconciliationOut.model_validate)


@router.get(
    "/{int:number}/results", auth=takes("results.view"), openapi_extra=sends("application/json")
)
def read_results(request: ApiRequest, number: int) -> FileResponse:
    """Return results.json, byte for byte; its form is docs/spec/results.md."""
    return _file(request, number, "results.json")


@router.get(
    "/{int:number}/files/{str:name}",
    auth=takes("results.view"),
    openapi_extra=sends("application/octet-stream"),
)
def read_file(request: ApiRequest, number: int, name: str) -> FileResponse:
    """Return one of report.pdf, report.html, gap.pdf, gap.html, results.json, bundle.zip."""
    return _file(request, number, name, content_type="application/octet-stream")


def _found(request: ApiRequest, number: int) -> ExaminationRecord:
    found = queries.examination(request.auth.organization, number)
    if found is None:
        raise Http404
    return found


def _test(request: ApiRequest, number: int, test_id: str) -> dict[str, Any]:
    tests = _found(request, number).tests_and_reconciliations
    found: dict[str, Any] | None = next((test for test in tests if test["id"] == test_id), None)
    if found is None:
        raise Http404
    return found


def _file(request: ApiRequest, number: int, name: str, *, content_type: str = "") -> FileResponse:
    found = _found(request, number)
    path = queries.output_path(found, name)
    if name not in OUTPUTS or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=content_type or OUTPUTS[name],
    )
