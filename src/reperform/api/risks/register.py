"""Operations on risks, their judgments, and the scales."""

from typing import Any, Literal

from django.http import Http404
from ninja import Router, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import (
    DEFAULT_LIMIT,
    ContentRefusedError,
    Limit,
    Offset,
    Page,
    Refused,
)
from reperform.api.risks.shapes import (
    JudgmentIn,
    JudgmentOut,
    RiskChangeIn,
    RiskIn,
    RiskOut,
    ScalesIn,
    ScalesOut,
)
from reperform.program.actions.risks import assess_risk, change_risk, change_scales, make_risk
from reperform.program.models import Risk
from reperform.program.queries import adopted_titles
from reperform.program.queries.risks import (
    RiskFilter,
    current_scales,
    judged,
    judgments,
    listed,
    risk_row,
    risks_like,
)
from reperform.program.risks.assessment import read_assessment
from reperform.program.risks.risk import RiskFields, read_risk
from reperform.program.risks.scales import read_scales, scales_content

risks = Router()


@risks.get("", response=Page[RiskOut], auth=takes("risks.view"))
def list_risks(
    request: ApiRequest,
    *,
    state: Literal["open", "closed", ""] = "",
    due: bool = False,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the risks by number; `due`: only those whose review or acceptance is overdue."""
    today = request.auth.at.date()
    wanted = RiskFilter(state=state, due=due)
    found = risks_like(request.auth.organization, wanted, today=today)
    now = current_scales(request.auth.organization)
    part = listed(found[offset : offset + limit], now, today=today)
    return {
        "items": [RiskOut.of(each) for each in part],
        "total": found.count(),
        "offset": offset,
    }


@risks.post("", response={201: RiskOut, 422: Refused}, auth=takes("risks.edit"))
def make(request: ApiRequest, body: RiskIn) -> Status[RiskOut]:
    """Enter a risk."""
    made = make_risk(
        organization=request.auth.organization,
        fields=_fields(request, body.content),
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _answer(request, made.number))


@risks.get("/scales", response=ScalesOut, auth=takes("risks.view"))
def read_current_scales(request: ApiRequest) -> ScalesOut:
    """Return the scales that hold."""
    now = current_scales(request.auth.organization)
    return ScalesOut(version=now.number, content=scales_content(now.scales))


@risks.put(
    "/scales",
    response={200: ScalesOut, 409: Refused, 422: Refused},
    auth=takes("risks.edit"),
)
def decide_scales(request: ApiRequest, body: ScalesIn) -> ScalesOut:
    """Decide other scales; judgments keep those that they were made with."""
    scales, problems = read_scales(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = change_scales(
        organization=request.auth.organization,
        scales=scales,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ScalesOut(version=made.number, content=made.content)


@risks.get("/{int:number}", response=RiskOut, auth=takes("risks.view"))
def read(request: ApiRequest, number: int) -> RiskOut:
    """Return one risk."""
    return _answer(request, number)


@risks.put(
    "/{int:number}",
    response={200: RiskOut, 409: Refused, 422: Refused},
    auth=takes("risks.edit"),
)
def change(request: ApiRequest, number: int, body: RiskChangeIn) -> RiskOut:
    """Change a risk, close it, or open it again."""
    row = _found(request, number)
    change_risk(
        organization=request.auth.organization,
        number=number,
        fields=_fields(request, body.content, row.controls),
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _answer(request, number)


@risks.get("/{int:number}/judgments", response=list[JudgmentOut], auth=takes("risks.view"))
def list_judgments(request: ApiRequest, number: int) -> list[JudgmentOut]:
    """List every judgment of a risk, newest first."""
    now = current_scales(request.auth.organization)
    return [JudgmentOut.of(judged(each, now)) for each in judgments(_found(request, number))]


@risks.post(
    "/{int:number}/judgments",
    response={201: RiskOut, 409: Refused, 422: Refused},
    auth=takes("risks.edit"),
)
def judge(request: ApiRequest, number: int, body: JudgmentIn) -> Status[RiskOut]:
    """Judge a risk anew; the judgments before it stay."""
    _found(request, number)
    now = current_scales(request.auth.organization)
    found, problems = read_assessment(
        body.content,
        scales=now.scales,
        today=request.auth.at.date(),
    )
    if problems:
        raise ContentRefusedError(problems)
    assess_risk(
        organization=request.auth.organization,
        number=number,
        assessment=found,
        scales=body.scales,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _answer(request, number))


def _fields(
    request: ApiRequest, content: dict[str, Any], kept: list[str] | None = None
) -> RiskFields:
    known = {*adopted_titles(request.auth.organization), *(kept or ())}
    fields, problems = read_risk(content, today=request.auth.at.date(), controls=known)
    if problems:
        raise ContentRefusedError(problems)
    return fields


def _found(request: ApiRequest, number: int) -> Risk:
    found = risk_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _answer(request: ApiRequest, number: int) -> RiskOut:
    now = current_scales(request.auth.organization)
    (entry,) = listed([_found(request, number)], now, today=request.auth.at.date())
    return RiskOut.of(entry)
