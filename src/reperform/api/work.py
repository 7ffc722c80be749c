"""What a token's maker must do, and their own record, for programs."""

from datetime import date
from typing import Any

from django.http import Http404
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from reperform.api.access import ApiRequest, takes
from reperform.api.answers import ContentRefusedError, Refused
from reperform.api.bodies import read_json
from reperform.api.people.background import BackgroundCheckOut
from reperform.api.people.shapes import PersonOut, PostingOut, RecordIn
from reperform.api.people.training import TrainingOut
from reperform.base.visible import file_name
from reperform.program.actions.training import record_training
from reperform.program.files import LARGEST_FILE
from reperform.program.models import Person
from reperform.program.queries.people import Held, person_of, posted, postings_of
from reperform.program.queries.training import checks, trainings
from reperform.program.queries.work import work_of, worker_of
from reperform.program.training import read_training

router = Router()


class ItemOut(Schema):
    """One thing to do; `page` and `key` say where, as in `task` and `7`."""

    kind: str
    what: str
    due_on: date | None
    page: str
    key: str
    is_late: bool


class WorkOut(Schema):
    """What somebody must do; `person` is null when the register of people does not have them."""

    person: int | None
    items: list[ItemOut]


class RecordOut(Schema):
    """What the register holds of somebody; `person` is null when it does not have them."""

    person: PersonOut | None
    postings: list[PostingOut]
    trainings: list[TrainingOut]
    checks: list[BackgroundCheckOut]


@router.get("", response=WorkOut, auth=takes("work.do"))
def read(request: ApiRequest) -> WorkOut:
    """Return what the token's maker must do, late things first."""
    today = request.auth.at.date()
    worker = worker_of(request.auth.membership, today=today)
    return WorkOut(
        person=worker.person.number if worker.person else None,
        items=[
            ItemOut(
                kind=each.kind,
                what=each.what,
                due_on=each.due_on,
                page=each.page,
                key=each.key,
                is_late=each.is_late(today),
            )
            for each in work_of(worker)
        ],
    )


@router.get("/record", response=RecordOut, auth=takes("work.do"))
def read_record(request: ApiRequest) -> RecordOut:
    """Return what the register holds of the token's maker."""
    organization, today = request.auth.organization, request.auth.at.date()
    own = person_of(request.auth.membership, day=today)
    if own is None:
        return RecordOut(person=None, postings=[], trainings=[], checks=[])
    held = Held.of(posted(Person.objects.filter(pk=own.pk), today).get())
    return RecordOut(
        person=PersonOut.of(held, today),
        postings=[PostingOut.of(each) for each in postings_of(own)],
        trainings=[TrainingOut.of(each) for each in trainings(organization).filter(person=own)],
        checks=[BackgroundCheckOut.of(each) for each in checks(organization).filter(person=own)],
    )


@router.post(
    "/trainings", response={201: TrainingOut, 404: Refused, 422: Refused}, auth=takes("work.do")
)
def record_own(request: ApiRequest, body: RecordIn) -> Status[TrainingOut]:
    """Record that the token's maker completed a course."""
    return Status(201, _record(request, body.content, None))


@router.post(
    "/trainings/certified",
    response={201: TrainingOut, 404: Refused, 422: Refused},
    auth=takes("work.do"),
)
def record_own_certified(
    request: ApiRequest, file: File[UploadedFile], content: Form[str]
) -> Status[TrainingOut]:
    """Record a course that the token's maker completed, with its certificate."""
    said = read_json(content.encode())
    proof = file_name(file.name), file.read(LARGEST_FILE + 1)
    return Status(201, _record(request, said if isinstance(said, dict) else {}, proof))


def _record(
    request: ApiRequest, content: dict[str, Any], proof: tuple[str, bytes] | None
) -> TrainingOut:
    own = _own(request)
    fields, problems = read_training(content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    made = record_training(
        organization=request.auth.organization,
        person=own.number,
        fields=fields,
        proof=proof,
        by=request.auth.name,
        at=request.auth.at,
    )
    return TrainingOut.of(made)


def _own(request: ApiRequest) -> Person:
    own = person_of(request.auth.membership, day=request.auth.at.date())
    if own is None:
        raise Http404
    return own
