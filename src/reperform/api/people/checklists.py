"""Checklists and their steps, for programs."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404
from ninja import File, Form, Router, Schema, Status
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
from reperform.api.people.register import found_person
from reperform.api.people.shapes import ChangeIn, EventIn
from reperform.base.visible import file_name
from reperform.program.actions.checklists import change_step, start_checklist, write_checklist
from reperform.program.checklists import NAMES, checklist_content, read_checklist
from reperform.program.checklists.files import checklist_library
from reperform.program.checklists.steps import StepFields, days_late, read_step
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Person, Step
from reperform.program.people import Event
from reperform.program.queries.checklists import (
    all_in_force,
    late_steps,
    open_steps,
    step_fields,
    step_row,
    steps,
)
from reperform.program.queries.people import person_of

checklists = Router()
steps_router = Router()


class ChecklistOut(Schema):
    """A checklist: the organization's latest version, 0 for none, and the library's."""

    name: str
    version: int
    content: dict[str, Any] | None
    library: dict[str, Any]


class StepOut(Schema):
    """A step of somebody's checklist; `days_late` stays when it was finished late."""

    number: int
    version: int
    person: int
    event: str
    event_on: date
    what: str
    does: str
    proof_asked: str
    controls: list[str]
    removes_access: bool
    assignee: int | None
    due_on: date
    state: str
    done_on: date | None
    note: str
    proof: int | None
    days_late: int
    changed_by: str
    changed_at: datetime

    @staticmethod
    def of(row: Step, today: date) -> "StepOut":
        """Return a step as an answer."""
        return StepOut(
            number=row.number,
            version=row.version,
            person=row.checklist.person.number,
            event=row.checklist.event,
            event_on=row.checklist.event_on,
            what=row.what,
            does=row.does,
            proof_asked=row.proof_asked,
            controls=row.controls,
            removes_access=row.removes_access,
            assignee=row.assignee.number if row.assignee else None,
            due_on=row.due_on,
            state=row.state,
            done_on=row.done_on,
            note=row.note,
            proof=row.proof.number if row.proof else None,
            days_late=days_late(row.state, row.due_on, row.done_on, today),
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )


class StartedOut(Schema):
    """A checklist that was begun, and the numbers of its steps."""

    person: int
    event: str
    event_on: date
    checklist: str
    steps: list[int]


@checklists.get("", response=list[ChecklistOut], auth=takes("people.view"))
def list_checklists(request: ApiRequest) -> list[ChecklistOut]:
    """List the checklist for each event and kind of contract, and what the library proposes."""
    mine, library = all_in_force(request.auth.organization), checklist_library()
    return [
        ChecklistOut(
            name=name,
            version=mine[name].number if name in mine else 0,
            content=mine[name].content if name in mine else None,
            library=checklist_content(library[name]),
        )
        for name in NAMES
    ]


@checklists.put(
    "/{str:checklist}",
    response={200: ChecklistOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def write(request: ApiRequest, checklist: str, body: ChangeIn) -> ChecklistOut:
    """Take a checklist, or write its next version; those that began keep theirs."""
    if checklist not in NAMES:
        raise Http404
    fields, problems = read_checklist(body.content, checklist)
    if problems:
        raise ContentRefusedError(problems)
    made = write_checklist(
        organization=request.auth.organization,
        checklist=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return ChecklistOut(
        name=made.name,
        version=made.number,
        content=made.content,
        library=checklist_content(checklist_library()[checklist]),
    )


@checklists.post(
    "/of-person/{int:number}",
    response={201: StartedOut, 422: Refused},
    auth=takes("people.edit"),
)
def start(request: ApiRequest, number: int, body: EventIn) -> Status[StartedOut]:
    """Begin the checklist of an event that began none, because none was in force then."""
    person = found_person(request, number)
    made = start_checklist(
        organization=request.auth.organization,
        number=person.number,
        event=Event(body.event),
        by=request.auth.name,
        at=request.auth.at,
    )
    numbers = made.steps.order_by("place").values_list("number", flat=True)
    answer = StartedOut(
        person=number,
        event=made.event,
        event_on=made.event_on,
        checklist=str(made.text),
        steps=list(numbers),
    )
    return Status(201, answer)


@steps_router.get("", response=Page[StepOut], auth=takes("people.view"))
def list_steps(
    request: ApiRequest,
    *,
    state: Literal["open", "late", "all"] = "open",
    person: int | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List steps, those due first in front; `late` are open or were finished late."""
    organization, today = request.auth.organization, request.auth.at.date()
    found = {
        "open": open_steps(organization),
        "late": late_steps(organization, today),
        "all": steps(organization),
    }[state]
    if person is not None:
        found = found.filter(checklist__person__number=min(person, 10**9))
    return paged(found, offset, limit, lambda row: StepOut.of(row, today))


@steps_router.get("/{int:number}", response=StepOut, auth=takes("work.do"))
def read_one(request: ApiRequest, number: int) -> StepOut:
    """Return a step: anybody's to who reads the register, own ones to everybody."""
    return StepOut.of(_found(request, number), request.auth.at.date())


@steps_router.put(
    "/{int:number}",
    response={200: StepOut, 409: Refused, 422: Refused},
    auth=takes("work.do"),
)
def change(request: ApiRequest, number: int, body: ChangeIn) -> StepOut:
    """Say that a step is done or not needed; who may not edit people does own steps only."""
    _found(request, number)
    fields, problems = read_step(body.content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    return _change(request, number, fields, body.seen)


@steps_router.post(
    "/{int:number}/proof",
    response={200: StepOut, 409: Refused, 422: Refused},
    auth=takes("work.do"),
)
def prove(request: ApiRequest, number: int, file: File[UploadedFile], seen: Form[int]) -> StepOut:
    """Keep a file that shows that a step was done."""
    row = _found(request, number)
    proof = file_name(file.name), file.read(LARGEST_FILE + 1)
    return _change(request, number, step_fields(row), seen, proof)


def _found(request: ApiRequest, number: int) -> Step:
    row = step_row(request.auth.organization, number) if number < 10**9 else None
    if row is None:
        raise Http404
    if "people.view" not in request.auth.permissions:
        own = person_of(request.auth.membership, day=request.auth.at.date())
        if own is None or row.assignee_id != own.pk:
            raise Http404
    return row


def _change(
    request: ApiRequest,
    number: int,
    fields: StepFields,
    seen: int,
    proof: tuple[str, bytes] | None = None,
) -> StepOut:
    today = request.auth.at.date()
    limited_to: Person | None = None
    if "people.edit" not in request.auth.permissions:
        limited_to = person_of(request.auth.membership, day=today)
        if limited_to is None:
            raise Http404
    row = change_step(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=seen,
        limited_to=limited_to,
        proof=proof,
        by=request.auth.name,
        at=request.auth.at,
    )
    return StepOut.of(row, today)
