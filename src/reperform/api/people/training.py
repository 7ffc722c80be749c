"""Training and background checks, for programs."""

from datetime import date
from typing import Any

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
from reperform.api.bodies import read_json
from reperform.api.people.register import found_person
from reperform.api.people.shapes import ChangeIn, PeopleReasonIn, RecordIn
from reperform.base.visible import file_name
from reperform.program.actions.training import (
    change_course,
    record_training,
    require_course,
    withdraw_training,
)
from reperform.program.files import LARGEST_FILE
from reperform.program.models import RequiredTraining, TrainingRecord
from reperform.program.queries.training import (
    course_fields,
    courses,
    lacking,
    training_fields,
    trainings,
)
from reperform.program.training import (
    course_content,
    read_course,
    read_training,
    training_content,
)

courses_router = Router()
trainings_router = Router()


class CourseOut(Schema):
    """A required course; `content` is what is sent to change it."""

    number: int
    version: int
    content: dict[str, Any]

    @staticmethod
    def of(row: RequiredTraining) -> "CourseOut":
        """Return a required course as an answer."""
        return CourseOut(
            number=row.number, version=row.version, content=course_content(course_fields(row))
        )


class TrainingOut(Schema):
    """That somebody completed a course; `withdrawn` says why it does not count."""

    number: int
    person: int
    content: dict[str, Any]
    proof: int | None
    withdrawn: str

    @staticmethod
    def of(row: TrainingRecord) -> "TrainingOut":
        """Return a completion as an answer."""
        return TrainingOut(
            number=row.number,
            person=row.person.number,
            content=training_content(training_fields(row)),
            proof=row.proof.number if row.proof else None,
            withdrawn=row.withdrawn,
        )


class LackOut(Schema):
    """A course that somebody must complete; `last` is null for never."""

    person: int
    course: str
    due_on: date
    last: date | None
    is_late: bool


@courses_router.get("", response=list[CourseOut], auth=takes("people.view"))
def list_courses(request: ApiRequest) -> list[CourseOut]:
    """List the courses that are or were required."""
    return [CourseOut.of(row) for row in courses(request.auth.organization)]


@courses_router.post("", response={201: CourseOut, 422: Refused}, auth=takes("people.edit"))
def require(request: ApiRequest, body: RecordIn) -> Status[CourseOut]:
    """Require a course of everybody, of a kind of workers, or of a department."""
    fields, problems = read_course(body.content)
    if problems:
        raise ContentRefusedError(problems)
    caller = request.auth
    made = require_course(
        organization=caller.organization, fields=fields, by=caller.name, at=caller.at
    )
    return Status(201, CourseOut.of(made))


@courses_router.put(
    "/{int:number}",
    response={200: CourseOut, 409: Refused, 422: Refused},
    auth=takes("people.edit"),
)
def change_required(request: ApiRequest, number: int, body: ChangeIn) -> CourseOut:
    """Change of whom a course is required, or require it no more."""
    if number >= 10**9 or not courses(request.auth.organization).filter(number=number).exists():
        raise Http404
    fields, problems = read_course(body.content)
    if problems:
        raise ContentRefusedError(problems)
    row = change_course(
        organization=request.auth.organization,
        number=number,
        fields=fields,
        seen=body.seen,
        by=request.auth.name,
        at=request.auth.at,
    )
    return CourseOut.of(row)


@trainings_router.get("", response=Page[TrainingOut], auth=takes("people.view"))
def list_trainings(
    request: ApiRequest,
    person: int | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List what people completed, the latest first."""
    found = trainings(request.auth.organization)
    if person is not None:
        found = found.filter(person__number=min(person, 10**9))
    return paged(found, offset, limit, TrainingOut.of)


@trainings_router.get("/lacking", response=Page[LackOut], auth=takes("people.view"))
def list_lacking(
    request: ApiRequest,
    on: date | None = None,
    offset: Offset = 0,
    limit: Limit = DEFAULT_LIMIT,
) -> dict[str, Any]:
    """List who has not completed a required course on a day, the one due first in front."""
    day = on or request.auth.at.date()
    found = lacking(request.auth.organization, day)

    def shape(lack: Any) -> LackOut:  # noqa: ANN401 - as `paged` has it
        return LackOut(
            person=lack.person,
            course=lack.course,
            due_on=lack.due_on,
            last=lack.last,
            is_late=lack.is_late(day),
        )

    return paged(found, offset, limit, shape)


@trainings_router.post(
    "/of-person/{int:number}",
    response={201: TrainingOut, 422: Refused},
    auth=takes("people.edit"),
)
def record_one(request: ApiRequest, number: int, body: RecordIn) -> Status[TrainingOut]:
    """Record that somebody completed a course."""
    return Status(201, _record(request, number, body.content))


@trainings_router.post(
    "/of-person/{int:number}/certified",
    response={201: TrainingOut, 422: Refused},
    auth=takes("people.edit"),
)
def record_certified(
    request: ApiRequest, number: int, file: File[UploadedFile], content: Form[str]
) -> Status[TrainingOut]:
    """Record that somebody completed a course, with its certificate; `content` is JSON."""
    said = read_json(content.encode())
    proof = file_name(file.name), file.read(LARGEST_FILE + 1)
    return Status(201, _record(request, number, said if isinstance(said, dict) else {}, proof))


def _record(
    request: ApiRequest,
    number: int,
    content: dict[str, Any],
    proof: tuple[str, bytes] | None = None,
) -> TrainingOut:
    person = found_person(request, number)
    fields, problems = read_training(content, today=request.auth.at.date())
    if problems:
        raise ContentRefusedError(problems)
    made = record_training(
        organization=request.auth.organization,
        person=person.number,
        fields=fields,
        proof=proof,
        by=request.auth.name,
        at=request.auth.at,
    )
    return TrainingOut.of(made)


@trainings_router.post(
    "/{int:number}/withdrawal",
    response={200: TrainingOut, 422: Refused},
    auth=takes("people.edit"),
)
def withdraw(request: ApiRequest, number: int, body: PeopleReasonIn) -> TrainingOut:
    """Say that a completion does not count; it is kept, with the reason."""
    if number >= 10**9 or not trainings(request.auth.organization).filter(number=number).exists():
        raise Http404
    row = withdraw_training(
        organization=request.auth.organization,
        number=number,
        reason=body.reason,
        by=request.auth.name,
        at=request.auth.at,
    )
    return TrainingOut.of(row)
