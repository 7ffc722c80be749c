"""Background checks, for programs: that they were made, and their outcome."""

from typing import Any

from django.http import Http404
from ninja import Router, Schema, Status

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
from reperform.api.people.register import found_person
from reperform.api.people.shapes import ChangeIn, RecordIn
from reperform.program.actions.background import change_check, order_check
from reperform.program.models import BackgroundCheck
from reperform.program.queries.training import check_fields, checks
from reperform.program.training import check_content, read_check

router = Router()


class BackgroundCheckOut(Schema):
    """A background check: that it was made, and its outcome."""

    number: int
    version: int
    person: int
    content: dict[str, Any]

    @staticmethod
    def of(row: BackgroundCheck) -> "BackgroundCheckOut":
        """Return a background check as an answer."""
        return BackgroundCheckOut(
            number=row.number,
            version=row.version,
            person=row.person.number,
            content=check_content(check_fields(row)),
        )


@router.get("", response=Page[BackgroundCheckOut], auth=takes("people.view"))
def list_checks(
    request: ApiRequest,
    person: int | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List background checks, the one ordered last in front."""
    found = checks(request.auth.organization)
    if person is not None:
        found = found.filter(person__number=min(person, 10**9))
    return paged(found, offset, limit, BackgroundCheckOut.of)


@router.post(
    "/of-person/{int:number}",
    response={201: BackgroundCheckOut, 422: Refused},
    auth=takes("people.edit"),
)
def order(request: ApiRequest, number: int, body: RecordIn) -> Status[BackgroundCheckOut]:
    """Record a background check that was ordered, or that is complete already."""
    person = found_person(request, number)
    fields, problems = read_check(body.content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    made = order_check(
        organization=request.auth.organization,
        person=person.number,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, BackgroundCheckOut.of(made))


@router.put(
    "/{int:number}",
    response={200: BackgroundCheckOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def change_one(request: ApiRequest, number: int, body: ChangeIn) -> BackgroundCheckOut:
    """Record what came of a background check, or correct it."""
    if number >= 10**9 or not checks(request.auth.organization).filter(number=number).exists():
        raise Http404
    fields, problems = read_check(body.content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    row = change_check(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return BackgroundCheckOut.of(row)
