"""The waivers that an examination was told of, for programs."""

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Router, Schema

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import DEFAULT_LIMIT, Limit, Offset, Page, paged
from reperform.audit.queries import examination

router = Router()


class WaivedDeviationOut(Schema):
    """A deviation that a waiver names.

    `standing` is waived, waived for some days, expired, not yet in force, or given for another text
    of the test; `is_afterwards` is null where the item has no time.
    """

    item: str
    standing: str
    is_afterwards: bool | None
    said: str


class ExaminedWaiverOut(Schema):
    """A waiver as the examination was told of it, and the deviations that it names."""

    number: int
    test: str
    items: list[str]
    reason: str
    compensating_control: str
    compensating: str
    first: date
    last: date
    asked_by: str
    asked_on: date
    approved_by: str
    approved_on: date
    withdrawn_on: date | None
    withdrawn_by: str
    withdrawn_because: str
    is_run: bool
    deviations: list[WaivedDeviationOut]


@router.get("/{int:number}/waivers", response=Page[ExaminedWaiverOut], auth=takes("results.view"))
def list_examined_waivers(
    request: ApiRequest, number: int, offset: Offset = 0, limit: Limit = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List the waivers of an examination; none of them changed an outcome."""
    record = examination(request.auth.organization, number)
    if record is None:
        raise Http404
    return paged(record.results.get("waivers", []), offset, limit, ExaminedWaiverOut.model_validate)
