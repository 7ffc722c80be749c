"""Manual evidence, for programs: listed, brought and withdrawn."""

from typing import Any

from django.http import Http404
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    paged,
)
from reperform.api.bodies import read_json
from reperform.api.manual.shapes import ManualEvidenceOut, ManualWanted, ManualWithdrawalIn
from reperform.base.problem import Problem
from reperform.evidence.actions.manual import bring_evidence, withdraw_evidence
from reperform.evidence.manual import read_manual
from reperform.evidence.models import ManualEvidence
from reperform.evidence.queries.manual import manual_row, manual_rows
from reperform.program.files import LARGEST_FILE

router = Router()
_HIGHEST = 10**9


@router.get("", response=Page[ManualEvidenceOut], auth=takes("evidence.view"))
def list_evidence(
    request: ApiRequest,
    wanted: Query[ManualWanted],
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List manual evidence, the newest first; `state` is `in use`, `withdrawn`, or empty."""
    rows = manual_rows(
        request.auth.organization, asked=wanted.q, control=wanted.control, state=wanted.state
    )
    return paged(rows, offset, limit, ManualEvidenceOut.of)


@router.post("", response={201: ManualEvidenceOut, 422: Refused}, auth=takes("evidence.bring"))
def bring(
    request: ApiRequest, content: Form[str], file: File[UploadedFile]
) -> Status[ManualEvidenceOut]:
    """Bring a file as evidence; `content` is a JSON object, see `ManualEvidenceOut`.

    It has title, control, table, request, first, last, source, taken_at, given_by and shows.
    """
    said = read_json(content.encode("utf-8", "surrogatepass"))
    if not isinstance(said, dict):
        raise ContentRefusedError(
            [Problem("content", "is no object", "send a JSON object", "field-form")]
        )
    at = request.auth.at
    fields, problems = read_manual(said, today=at.date(), now=at)
    if problems:
        raise ContentRefusedError(problems)
    made = bring_evidence(
        organization=request.auth.organization,
        fields=fields,
        name=file.name or "file",
        content=file.read(LARGEST_FILE + 1),
        by=request.auth.name,
        at=at,
    )
    return Status(201, ManualEvidenceOut.of(made))


@router.get("/{int:number}", response=ManualEvidenceOut, auth=takes("evidence.view"))
def read(request: ApiRequest, number: int) -> ManualEvidenceOut:
    """Return one."""
    return ManualEvidenceOut.of(_found(request, number))


@router.post(
    "/{int:number}/withdrawal",
    response={200: ManualEvidenceOut, 409: Refused, 422: Refused},
    auth=takes("evidence.bring"),
)
def withdraw(request: ApiRequest, number: int, body: ManualWithdrawalIn) -> ManualEvidenceOut:
    """Let it count no more; the file stays, and so does what was said of it."""
    _found(request, number)
    withdraw_evidence(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        on=request.auth.at.date(),
        by=request.auth.name,
        at=request.auth.at,
    )
    return ManualEvidenceOut.of(_found(request, number))


def _found(request: ApiRequest, number: int) -> ManualEvidence:
    row = manual_row(request.auth.organization, number) if number < _HIGHEST else None
    if row is None:
        raise Http404
    return row
