"""Data flows and the diagram of the boundary, for programs."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import Router, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
    attachment,
    paged,
    sends,
)
from reperform.api.assets.shapes import FlowChangeIn, FlowEndIn, FlowIn, FlowOut
from reperform.base.reader import Reader
from reperform.program.actions.flows import change_flow, end_flow, make_flow
from reperform.program.assets.flows import SLUG, read_flow
from reperform.program.models import DataFlow
from reperform.program.queries import current_scope
from reperform.program.queries.assets import boundary_picture, flow_row, flows, flows_now
from reperform.report.boundary import boundary_svg

router = Router()
_SVG = "application/octet-stream"
"""As a picture it could run as a page of ours."""


@router.get("", response=Page[FlowOut], auth=takes("assets.view"))
def list_flows(
    request: ApiRequest,
    *,
    ended: bool = False,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the data flows by number; `ended` ones too when they are asked for."""
    organization = request.auth.organization
    found = flows(organization) if ended else flows_now(organization)
    return paged(found, offset, limit, FlowOut.of)


@router.post("", response={201: FlowOut, 422: Refused}, auth=takes("assets.edit"))
def make(request: ApiRequest, body: FlowIn) -> Status[FlowOut]:
    """Enter a data flow."""
    fields, problems = read_flow(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = make_flow(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, FlowOut.of(made))


@router.get("/boundary.svg", auth=takes("assets.view"), openapi_extra=sends(_SVG))
def read_boundary(request: ApiRequest) -> HttpResponse:
    """Return the diagram of the boundary and its data flows, drawn now."""
    organization = request.auth.organization
    picture = boundary_picture(organization, current_scope(organization).document)
    drawn = boundary_svg(picture, is_file=True, is_example=organization.is_example)
    return attachment(drawn.encode(), _SVG, "boundary.svg")


@router.get("/{int:number}", response=FlowOut, auth=takes("assets.view"))
def read(request: ApiRequest, number: int) -> FlowOut:
    """Return one data flow."""
    return FlowOut.of(_found(request, number))


@router.put(
    "/{int:number}",
    response={200: FlowOut, 409: Refused, 422: Refused},
    auth=takes("assets.edit"),
)
def change(request: ApiRequest, number: int, body: FlowChangeIn) -> FlowOut:
    """Change a data flow that is not ended."""
    _found(request, number)
    fields, problems = read_flow(body.content)
    if problems:
        raise ContentRefusedError(problems)
    change_flow(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return FlowOut.of(_found(request, number))


@router.post(
    "/{int:number}/end",
    response={200: FlowOut, 409: Refused, 422: Refused},
    auth=takes("assets.edit"),
)
def end(request: ApiRequest, number: int, body: FlowEndIn) -> FlowOut:
    """Say that data does not flow so any more."""
    _found(request, number)
    today = request.auth.at.date()
    reader = Reader({"on": body.on, "reason": body.reason}, SLUG)
    on = reader.day("on", latest=today) or today
    reason = reader.text("reason", needed="say why", longest=2_000)
    if reader.problems:
        raise ContentRefusedError(reader.problems)
    end_flow(
        organization=request.auth.organization,
        number=number,
        on=on,
        reason=reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return FlowOut.of(_found(request, number))


def _found(request: ApiRequest, number: int) -> DataFlow:
    found = flow_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found
