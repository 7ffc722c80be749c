"""Reviews of access: started, decided, finished, taken out."""

from typing import Any, Literal

from django.http import Http404, HttpResponse
from ninja import Router, Status

from reperform.api.access import ApiRequest, takes
from reperform.api.access_reviews.shapes import (
    AccountOut,
    CountOut,
    CycleOut,
    DecisionsIn,
    RemovalOut,
    ReopenIn,
    ReviewChangeIn,
    ReviewIn,
    ReviewOut,
    ReviewSeenIn,
    ReviewWholeOut,
    SystemOut,
)
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
from reperform.program.access_reviews import read_decision, read_review
from reperform.program.actions.access_reviews import (
    change_review,
    finish_review,
    make_review,
    reopen_review,
)
from reperform.program.actions.account_decisions import decide_accounts, keep_unmarked
from reperform.program.models import AccessReview, ReviewedSystem
from reperform.program.queries.access_duties import cycles, open_removals, removals
from reperform.program.queries.access_reviews import (
    lines_of,
    progress_of,
    review_row,
    reviews,
    system_row,
    systems_of,
)
from reperform.program.queries.review_export import exported_review
from reperform.report.review_sheets import review_workbook

router = Router()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REFUSALS: dict[Any, Any] = {409: Refused, 422: Refused}


@router.get("", response=Page[ReviewOut], auth=takes("access_reviews.view"))
def list_reviews(
    request: ApiRequest,
    *,
    state: Literal["open", "finished", ""] = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the reviews, those due last first, each with how far it is."""
    found = reviews(request.auth.organization, state=state)
    part = list(found[offset : offset + limit])
    progress = progress_of(part)
    items = [ReviewOut.of(each, progress[each.pk]) for each in part]
    return {"items": items, "total": found.count(), "offset": offset}


@router.post("", response={201: ReviewWholeOut, 422: Refused}, auth=takes("access_reviews.edit"))
def make(request: ApiRequest, body: ReviewIn) -> Status[ReviewWholeOut]:
    """Start a review; `systems` names each asset with the member who reviews it."""
    fields, problems = read_review(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = make_review(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _whole(request, made))


@router.get("/removals", response=Page[RemovalOut], auth=takes("access_reviews.view"))
def list_removals(
    request: ApiRequest,
    *,
    settled: bool = False,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List removals and changes that no later list shows carried out; `settled` ones too."""
    today, organization = request.auth.at.date(), request.auth.organization
    found = removals(organization) if settled else open_removals(organization)
    return paged(found, offset, limit, lambda row: RemovalOut.of(row, today))


@router.get("/cycles", response=list[CycleOut], auth=takes("access_reviews.view"))
def list_cycles(request: ApiRequest) -> list[CycleOut]:
    """List when each system with accounts must be reviewed, the most overdue first."""
    found = cycles(request.auth.organization, today=request.auth.at.date())
    return [CycleOut.of(each) for each in found]


@router.get("/{int:number}", response=ReviewWholeOut, auth=takes("access_reviews.view"))
def read(request: ApiRequest, number: int) -> ReviewWholeOut:
    """Return one review with its systems."""
    return _whole(request, _found(request, number))


@router.put(
    "/{int:number}",
    response={200: ReviewWholeOut, **_REFUSALS},
    auth=takes("access_reviews.edit"),
)
def change(request: ApiRequest, number: int, body: ReviewChangeIn) -> ReviewWholeOut:
    """Change a review that is open."""
    _found(request, number)
    fields, problems = read_review(body.content)
    if problems:
        raise ContentRefusedError(problems)
    change_review(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, _found(request, number))


@router.post(
    "/{int:number}/finish",
    response={200: ReviewWholeOut, **_REFUSALS},
    auth=takes("access_reviews.edit"),
)
def finish(request: ApiRequest, number: int, body: ReviewSeenIn) -> ReviewWholeOut:
    """Sign a review off: every account of every system is decided."""
    _found(request, number)
    finish_review(
        organization=request.auth.organization,
        number=number,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, _found(request, number))


@router.post(
    "/{int:number}/reopen",
    response={200: ReviewWholeOut, **_REFUSALS},
    auth=takes("access_reviews.edit"),
)
def reopen(request: ApiRequest, number: int, body: ReopenIn) -> ReviewWholeOut:
    """Open a finished review again, for a reason."""
    _found(request, number)
    reopen_review(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _whole(request, _found(request, number))


@router.get(
    "/{int:number}/review.xlsx", auth=takes("access_reviews.view"), openapi_extra=sends(_XLSX)
)
def read_file(request: ApiRequest, number: int) -> HttpResponse:
    """Return the whole review as a workbook: lists with digests, accounts, decisions."""
    review = exported_review(_found(request, number))
    at, is_example = request.auth.at, request.auth.organization.is_example
    made = review_workbook(review, at=at, is_example=is_example)
    return attachment(made, _XLSX, f"rev-{number}.xlsx")


@router.get(
    "/{int:number}/systems/{int:asset}/accounts",
    response=Page[AccountOut],
    auth=takes("access_reviews.view"),
)
def list_accounts(
    request: ApiRequest,
    number: int,
    asset: int,
    *,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List the accounts of a system with their marks and what was decided."""
    return paged(lines_of(_system(request, number, asset)), offset, limit, AccountOut.of)


@router.post(
    "/{int:number}/systems/{int:asset}/decisions",
    response={200: CountOut, **_REFUSALS},
    auth=takes("access_reviews.decide"),
)
def decide(request: ApiRequest, number: int, asset: int, body: DecisionsIn) -> CountOut:
    """Decide of accounts, as the reviewer, or as whoever runs the review for the reviewer's own."""
    _system(request, number, asset)
    decisions, problems = [], []
    for each in body.decisions:
        decided, wrong = read_decision(each.dict())
        decisions.append(decided)
        problems += wrong
    if problems:
        raise ContentRefusedError(problems)
    count = decide_accounts(
        organization=request.auth.organization,
        review=number,
        asset=asset,
        decisions=decisions,
        member=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return CountOut(count=count)


@router.post(
    "/{int:number}/systems/{int:asset}/keep",
    response={200: CountOut, **_REFUSALS},
    auth=takes("access_reviews.decide"),
)
def keep(request: ApiRequest, number: int, asset: int) -> CountOut:
    """Keep every account that is not marked and not decided."""
    _system(request, number, asset)
    count = keep_unmarked(
        organization=request.auth.organization,
        review=number,
        asset=asset,
        member=request.auth.membership,
        by=request.auth.name,
        at=request.auth.at,
    )
    return CountOut(count=count)


def _found(request: ApiRequest, number: int) -> AccessReview:
    found = review_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _system(request: ApiRequest, number: int, asset: int) -> ReviewedSystem:
    found = system_row(_found(request, number), asset) if asset < 10**9 else None
    if found is None:
        raise Http404
    return found


def _whole(request: ApiRequest, row: AccessReview) -> ReviewWholeOut:
    today = request.auth.at.date()
    shown = ReviewOut.of(row, progress_of([row])[row.pk])
    return ReviewWholeOut(
        systems=[SystemOut.of(each, today) for each in systems_of(row)], **shown.dict()
    )
