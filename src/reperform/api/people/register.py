"""Joiners, movers and leavers, for programs."""

from datetime import date
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
    paged,
)
from reperform.api.people.shapes import (
    ChangeIn,
    PeopleReasonIn,
    PersonOut,
    PostingOut,
    RecordIn,
    SeenReasonIn,
    WholePersonOut,
)
from reperform.program.actions.people import (
    change_person,
    enter_joiner,
    enter_leaver,
    enter_move,
    withdraw_leaver,
    withdraw_move,
)
from reperform.program.models import Person
from reperform.program.people import read_correction, read_joiner, read_leaver, read_move
from reperform.program.queries.people import (
    Held,
    people_like,
    person_row,
    posted,
    postings_of,
)

router = Router()


@router.get("", response=Page[PersonOut], auth=takes("people.view"))
def list_people(
    request: ApiRequest,
    *,
    on: date | None = None,
    state: Literal["there", "left", "to come", "all"] = "there",
    kind: Literal["employee", "contractor", ""] = "",
    department: str = "",
    q: str = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List people by name, as they are on a day, today unless it is named."""
    day = on or request.auth.at.date()
    found = people_like(
        request.auth.organization, day, state=state, kind=kind, department=department, text=q
    )
    return paged(found, offset, limit, lambda row: PersonOut.of(Held.of(row), day))


@router.post("", response={201: WholePersonOut, 422: Refused}, auth=takes("people.edit"))
def enter(request: ApiRequest, body: RecordIn) -> Status[WholePersonOut]:
    """Enter somebody who joins, before or after their first day; their checklist begins."""
    fields, problems = read_joiner(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = enter_joiner(
        organization=request.auth.organization,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, _answer(request, made.number))


@router.get("/{int:number}", response=WholePersonOut, auth=takes("people.view"))
def read(request: ApiRequest, number: int, on: date | None = None) -> WholePersonOut:
    """Return somebody with every event, and what they are on a day."""
    return _answer(request, number, on)


@router.put(
    "/{int:number}",
    response={200: WholePersonOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def change(request: ApiRequest, number: int, body: ChangeIn) -> WholePersonOut:
    """Correct a name, an address or a first day."""
    person = found_person(request, number)
    fields, problems = read_correction(body.content)
    if problems:
        raise ContentRefusedError(problems)
    change_person(
        organization=request.auth.organization,
        number=person.number,
        fields=fields.person,
        reason=fields.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _answer(request, number)


@router.post(
    "/{int:number}/moves",
    response={201: PostingOut, 422: Refused},
    auth=takes("people.edit"),
)
def move(request: ApiRequest, number: int, body: RecordIn) -> Status[PostingOut]:
    """Enter what somebody is from a day on; their checklist for movers begins."""
    person = found_person(request, number)
    fields, problems = read_move(body.content)
    if problems:
        raise ContentRefusedError(problems)
    made = enter_move(
        organization=request.auth.organization,
        number=person.number,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, PostingOut.of(made))


@router.post(
    "/{int:number}/moves/{int:posting}/withdrawal",
    response={200: PostingOut, 422: Refused},
    auth=takes("people.edit"),
)
def withdraw(request: ApiRequest, number: int, posting: int, body: PeopleReasonIn) -> PostingOut:
    """Say that a move did not happen; it is kept, with the reason."""
    person = found_person(request, number)
    if not any(each.number == posting for each in postings_of(person)):
        raise Http404
    row = withdraw_move(
        organization=request.auth.organization,
        number=person.number,
        posting=posting,
        reason=body.reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return PostingOut.of(row)


@router.post(
    "/{int:number}/departure",
    response={200: WholePersonOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def leave(request: ApiRequest, number: int, body: ChangeIn) -> WholePersonOut:
    """Say on which day somebody works last; their checklist for leavers begins."""
    person = found_person(request, number)
    fields, problems = read_leaver(body.content)
    if problems:
        raise ContentRefusedError(problems)
    enter_leaver(
        organization=request.auth.organization,
        number=person.number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _answer(request, number)


@router.post(
    "/{int:number}/departure/withdrawal",
    response={200: WholePersonOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def stay(request: ApiRequest, number: int, body: SeenReasonIn) -> WholePersonOut:
    """Say that somebody does not leave after all."""
    person = found_person(request, number)
    withdraw_leaver(
        organization=request.auth.organization,
        number=person.number,
        reason=body.reason,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return _answer(request, number)


def found_person(request: ApiRequest, number: int) -> Person:
    """Return a person of the caller's organization.

    Raises:
        Http404: it has none of that number.
    """
    found = person_row(request.auth.organization, number) if number < 10**9 else None
    if found is None:
        raise Http404
    return found


def _answer(request: ApiRequest, number: int, on: date | None = None) -> WholePersonOut:
    person, day = found_person(request, number), on or request.auth.at.date()
    held = Held.of(posted(Person.objects.filter(pk=person.pk), day).get())
    return WholePersonOut(
        **PersonOut.of(held, day).dict(),
        postings=[PostingOut.of(each) for each in postings_of(person)],
    )
