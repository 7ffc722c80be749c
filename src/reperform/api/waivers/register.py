"""Waivers, for programs: asked for, decided and withdrawn."""

from typing import Any

from django.http import Http404
from ninja import Query, Router, Status

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
from reperform.api.waivers.shapes import (
    WaiverChangeIn,
    WaiverDecisionIn,
    WaiverIn,
    WaiverOut,
    WaiverWanted,
    WaiverWithdrawalIn,
)
from reperform.program.actions.waivers import (
    ask_waiver,
    change_waiver,
    decide_waiver,
    withdraw_waiver,
)
from reperform.program.models import Waiver
from reperform.program.queries.waivers import waiver_row, waiver_rows
from reperform.program.waivers.fields import WaiverFields, read_waiver
from reperform.testing.installed import tests_by_id

router = Router()
_HIGHEST = 10**9


@router.get("", response=Page[WaiverOut], auth=takes("waivers.view"))
def list_waivers(
    request: ApiRequest,
    wanted: Query[WaiverWanted],
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List waivers, the newest first; `state` is one of those of an answer, or empty for all."""
    today = request.auth.at.date()
    rows = waiver_rows(
        request.auth.organization,
        today=today,
        asked=wanted.q,
        test=wanted.test,
        state=wanted.state,
    )
    return paged(rows, offset, limit, lambda row: WaiverOut.of(row, today))


@router.post("", response={201: WaiverOut, 422: Refused}, auth=takes("waivers.ask"))
def ask(request: ApiRequest, body: WaiverIn) -> Status[WaiverOut]:
    """Ask for a waiver; it counts for nothing before another member approves it."""
    made = ask_waiver(
        organization=request.auth.organization,
        fields=_read(request, body),
        asker=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _out(request, made))


@router.get("/{int:number}", response=WaiverOut, auth=takes("waivers.view"))
def read(request: ApiRequest, number: int) -> WaiverOut:
    """Return one."""
    return _out(request, _found(request, number))


@router.put(
    "/{int:number}",
    response={200: WaiverOut, 409: Refused, 422: Refused},
    auth=takes("waivers.ask"),
)
def change(request: ApiRequest, number: int, body: WaiverChangeIn) -> WaiverOut:
    """Change what one asked for oneself, while nobody has decided it."""
    _found(request, number)
    kept = change_waiver(
        organization=request.auth.organization,
        number=number,
        fields=_read(request, body),
        seen=body.seen,
        asker=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _out(request, kept)


@router.post(
    "/{int:number}/decision",
    response={200: WaiverOut, 409: Refused, 422: Refused},
    auth=takes("waivers.approve"),
)
def decide(request: ApiRequest, number: int, body: WaiverDecisionIn) -> WaiverOut:
    """Approve or decline a waiver that another member asked for."""
    _found(request, number)
    kept = decide_waiver(
        organization=request.auth.organization,
        number=number,
        is_approved=body.is_approved,
        note=body.note,
        seen=body.seen,
        decider=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _out(request, kept)


@router.post(
    "/{int:number}/withdrawal",
    response={200: WaiverOut, 409: Refused, 422: Refused},
    auth=takes("waivers.approve"),
)
def withdraw(request: ApiRequest, number: int, body: WaiverWithdrawalIn) -> WaiverOut:
    """Let an approved waiver end today; it stays, with what was said of it."""
    _found(request, number)
    kept = withdraw_waiver(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _out(request, kept)


def _read(request: ApiRequest, body: WaiverIn) -> WaiverFields:
    tests = {name: each.sha256 for name, each in tests_by_id().items()}
    fields, problems = read_waiver(body.content, tests=tests, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    return fields


def _found(request: ApiRequest, number: int) -> Waiver:
    row = waiver_row(request.auth.organization, number) if number < _HIGHEST else None
    if row is None:
        raise Http404
    return row


def _out(request: ApiRequest, row: Waiver) -> WaiverOut:
    return WaiverOut.of(row, request.auth.at.date())
