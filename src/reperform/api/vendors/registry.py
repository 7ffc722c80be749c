"""Vendors, for programs: listed, entered, changed, ended, and compared with the scope."""

from dataclasses import asdict
from typing import Any, Literal

from ninja import File, Form, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, Refused, paged
from reperform.api.vendors.router import brought, found, read_content, refuse, vendors
from reperform.api.vendors.shapes import (
    VendorChangeIn,
    VendorComparisonOut,
    VendorDifferenceOut,
    VendorIn,
    VendorOut,
)
from reperform.program.actions.vendors import change_vendor, end_vendor, make_vendor
from reperform.program.queries import current_scope
from reperform.program.queries.vendor_lists import compared_with_scope
from reperform.program.queries.vendors import vendors_like
from reperform.program.vendors import read_end, read_vendor
from reperform.program.vendors.policy import vendor_policy

Show = Literal[
    "",
    "overdue",
    "soon",
    "conditions",
    "unassessed",
    "no-report",
    "undecided",
    "notice",
    "subservice",
    "open-end",
    "ended",
    "all",
]
"""The keys of `SHOWN`, as the description of the API names them."""


@vendors.get("", response=Page[VendorOut], auth=takes("vendors.view"))
def list_vendors(
    request: ApiRequest,
    *,
    show: Show = "",
    criticality: str = "",
    q: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List vendors by name: those in use, or those that `show` names."""
    today = request.auth.at.date()
    rows = vendors_like(
        request.auth.organization, show=show, criticality=criticality, words=q, today=today
    )
    return paged(rows, offset, limit, lambda row: VendorOut.of(row, today))


@vendors.post("", response={201: VendorOut, 422: Refused}, auth=takes("vendors.edit"))
def make(request: ApiRequest, body: VendorIn) -> Status[VendorOut]:
    """Enter a vendor."""
    fields, problems = read_vendor(body.content, classes=vendor_policy().names)
    refuse(problems)
    made = make_vendor(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, VendorOut.of(made, request.auth.at.date()))


@vendors.get("/comparison", response=VendorComparisonOut, auth=takes("vendors.view"))
def compare(request: ApiRequest) -> VendorComparisonOut:
    """Say where the register and the scope differ about subservice organizations (DC 7)."""
    scope = current_scope(request.auth.organization)
    differ, agreed = compared_with_scope(request.auth.organization, scope.document)
    return VendorComparisonOut(
        scope_version=scope.number,
        differences=[VendorDifferenceOut(**asdict(each)) for each in differ],
        agreed=list(agreed),
    )


@vendors.get("/{int:number}", response=VendorOut, auth=takes("vendors.view"))
def read(request: ApiRequest, number: int) -> VendorOut:
    """Return one vendor."""
    return VendorOut.of(found(request, number), request.auth.at.date())


@vendors.put(
    "/{int:number}",
    response={200: VendorOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def change(request: ApiRequest, number: int, body: VendorChangeIn) -> VendorOut:
    """Change what the register says of a vendor."""
    found(request, number)
    fields, problems = read_vendor(body.content, classes=vendor_policy().names)
    refuse(problems)
    change_vendor(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return read(request, number)


@vendors.post(
    "/{int:number}/end",
    response={200: VendorOut, 409: Refused, 422: Refused},
    auth=takes("vendors.edit"),
)
def end(
    request: ApiRequest,
    number: int,
    content: Form[str],
    seen: Form[int],
    file: File[UploadedFile | None] = None,
) -> VendorOut:
    """Say that a vendor ended, and what became of data and access; a file proves it.

    `content` is a JSON object: ended_on, end_reason, data_end, data_end_on, access_removed_on.
    Sent again it says what was confirmed since; files add up.
    """
    found(request, number)
    fields, problems = read_end(read_content(content), today=request.auth.at.date())
    refuse(problems)
    proof = brought(file)
    end_vendor(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=seen,
        proofs=[proof] if proof else [],
        by=request.auth.name,
        at=request.auth.at,
    )
    return read(request, number)
