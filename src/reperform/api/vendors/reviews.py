"""Reviews of vendors and their conditions, for programs."""

from typing import Any

from django.http import Http404
from ninja import File, Form, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged
from reperform.api.vendors.router import brought, found, read_content, refuse, vendors
from reperform.api.vendors.shapes import VendorConditionIn, VendorConditionOut, VendorReviewOut
from reperform.program.actions.vendor_reviews import review_vendor, settle_condition
from reperform.program.queries.vendors import condition_row, conditions_of, reviews_of
from reperform.program.vendors.reviews import read_review, read_settling


@vendors.get("/{int:number}/reviews", response=Page[VendorReviewOut], auth=takes("vendors.view"))
def list_reviews(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the reviews of a vendor, the latest first."""
    return paged(reviews_of(found(request, number)), offset, limit, VendorReviewOut.of)


@vendors.post(
    "/{int:number}/reviews",
    response={201: VendorReviewOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def review(
    request: ApiRequest,
    number: int,
    content: Form[str],
    seen: Form[int],
    file: File[UploadedFile | None] = None,
) -> Status[VendorReviewOut]:
    """Record a review; a file is what was looked at.

    `content` is a JSON object: kind, reviewed_on, reviewer, looked_at, report, outcome, findings,
    conditions (objects with text and due_on) and next_due.  `seen` is the vendor's version.
    """
    vendor = found(request, number)
    fields, problems = read_review(read_content(content), today=request.auth.at.date())
    refuse(problems)
    proof = brought(file)
    made = review_vendor(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=seen,
        reviewer=request.auth.membership,
        proofs=[proof] if proof else [],
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, VendorReviewOut.of(reviews_of(vendor).get(number=made.number)))


@vendors.get(
    "/{int:number}/conditions", response=Page[VendorConditionOut], auth=takes("vendors.view")
)
def list_conditions(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the conditions of a vendor's reviews, open ones first."""
    return paged(conditions_of(found(request, number)), offset, limit, VendorConditionOut.of)


@vendors.put(
    "/{int:number}/conditions/{int:condition}",
    response={200: VendorConditionOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def settle(
    request: ApiRequest, number: int, condition: int, body: VendorConditionIn
) -> VendorConditionOut:
    """Say that a condition is met or waived, or open again."""
    vendor = found(request, number)
    if condition_row(vendor, condition) is None:
        raise Http404
    said = body.dict(exclude={"seen"})
    fields, problems = read_settling(said, today=request.auth.at.date())
    refuse(problems)
    settle_condition(
        organization=request.auth.organization,
        number=number,
        condition=condition,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return VendorConditionOut.of(conditions_of(vendor).get(number=condition))
