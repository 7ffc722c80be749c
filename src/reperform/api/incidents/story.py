"""An incident's timeline, notices and lessons, for programs."""

from typing import Annotated

from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.api.incidents.register import found_incident
from reperform.api.incidents.shapes import (
    DismissedOut,
    DismissIn,
    DutyIn,
    DutyOut,
    EntryIn,
    TimelineEntryOut,
)
from reperform.api.plan_shapes import TaskIn, TaskOut
from reperform.base.visible import file_name
from reperform.program.actions.incident_notices import decide_duty, dismiss_duties
from reperform.program.actions.incident_timeline import Proof, add_entry, make_lesson_task
from reperform.program.files import LARGEST_FILE
from reperform.program.incidents.duties import read_duty
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.timeline import read_entry
from reperform.program.plan import read_task
from reperform.program.queries.incident_notices import duty_lines
from reperform.program.queries.incidents import timeline
from reperform.program.queries.plan import planned_task

router = Router()


class ProofIn(Schema):
    """What a proof shows; now when no time is said."""

    said: str
    happened_at: str = ""


@router.get("/{int:number}/timeline", response=list[TimelineEntryOut], auth=takes("incidents.view"))
def read_timeline(request: ApiRequest, number: int) -> list[TimelineEntryOut]:
    """List the entries of the timeline, in the order in which things happened."""
    return [TimelineEntryOut.of(each) for each in timeline(found_incident(request, number))]


@router.post(
    "/{int:number}/timeline",
    response={201: TimelineEntryOut, 422: Refused},
    auth=takes("incidents.edit"),
)
def add(request: ApiRequest, number: int, body: EntryIn) -> Status[TimelineEntryOut]:
    """Write an entry; none is ever changed, and a correction names the one that it puts right."""
    return Status(201, _add(request, number, body.dict(), None))


@router.post(
    "/{int:number}/proofs",
    response={201: TimelineEntryOut, 422: Refused},
    auth=takes("incidents.edit"),
)
def add_proof(
    request: ApiRequest,
    number: int,
    file: File[UploadedFile],
    body: Annotated[ProofIn, Form()],
) -> Status[TimelineEntryOut]:
    """Write an entry with a file that is kept byte for byte."""
    proof = Proof(file_name(file.name), file.read(LARGEST_FILE + 1))
    return Status(201, _add(request, number, body.dict(), proof))


def _add(
    request: ApiRequest, number: int, content: dict[str, object], proof: Proof | None
) -> TimelineEntryOut:
    found_incident(request, number)
    fields, problems = read_entry(content, at=request.auth.at)
    if problems:
        raise ContentRefusedError(problems)
    made = add_entry(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        proof=proof,
        by=request.auth.name,
        at=request.auth.at,
    )
    return TimelineEntryOut.of(made)


@router.get("/{int:number}/notices", response=list[DutyOut], auth=takes("incidents.view"))
def read_notices(request: ApiRequest, number: int) -> list[DutyOut]:
    """List the duties to notify that are asked of an incident; an exercise has none."""
    row = found_incident(request, number)
    lines = duty_lines(row, incident_library().duties, now=request.auth.at)
    return [DutyOut.of(each) for each in lines]


@router.put(
    "/{int:number}/notices/{str:duty}",
    response={200: DutyOut, 409: Refused, 422: Refused},
    auth=takes("incidents.edit"),
)
def decide(request: ApiRequest, number: int, duty: str, body: DutyIn) -> DutyOut:
    """Decide whether a duty applies to an incident, or say that it was done."""
    row = found_incident(request, number)
    fields, problems = read_duty(body.content, at=request.auth.at)
    if problems:
        raise ContentRefusedError(problems)
    decide_duty(
        organization=request.auth.organization,
        number=number,
        duty=duty,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    lines = duty_lines(row, incident_library().duties, now=request.auth.at)
    return next(DutyOut.of(each) for each in lines if each.duty.key == duty)


@router.post(
    "/{int:number}/notices",
    response={200: DismissedOut, 422: Refused},
    auth=takes("incidents.edit"),
)
def dismiss(request: ApiRequest, number: int, body: DismissIn) -> DismissedOut:
    """Decide that none of the duties applies that nobody decided, for one reason."""
    found_incident(request, number)
    decided = dismiss_duties(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return DismissedOut(duties=decided)


@router.post(
    "/{int:number}/tasks",
    response={201: TaskOut, 422: Refused},
    auth=takes("incidents.edit"),
)
def make_task(request: ApiRequest, number: int, body: TaskIn) -> Status[TaskOut]:
    """Make a task of the plan that a lesson leads to; it stays linked to the incident."""
    found_incident(request, number)
    today = request.auth.at.date()
    fields, problems = read_task(body.content, today=today)
    if problems:
        raise ContentRefusedError(problems)
    made = make_lesson_task(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        by=request.auth.name,
        at=request.auth.at,
    )
    return Status(201, TaskOut.of(planned_task(made), today))
