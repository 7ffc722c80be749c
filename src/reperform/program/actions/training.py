"""Requiring training, and recording that somebody completed it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.program.actions.files import describe_file
from reperform.program.actions.person_rows import found_person, keep_proof, read_reason, refuse
from reperform.program.actions.rows import difference, lock, next_number, refuse_stale
from reperform.program.models import RequiredTraining, TrainingRecord
from reperform.program.queries.training import course_fields, training_fields
from reperform.program.training import (
    CourseFields,
    TrainingFields,
    course_content,
    training_content,
)


@transaction.atomic
def require_course(
    *,
    organization: Organization,
    fields: CourseFields,
    by: str,
    at: datetime,
    number: int | None = None,
) -> RequiredTraining:
    """Require that people complete a course.

    Args:
        organization: whose people.
        fields: the course, and of whom it is required.
        by: who requires it.
        at: when.
        number: of the course, when files say it; None for the next.

    Raises:
        PersonRefusedError: the course is required of the same people already, or the number is
            taken.
    """
    lock(organization)
    rows = RequiredTraining.objects.filter(organization=organization)
    if number is not None and rows.filter(number=number).exists():
        raise refuse("number", f"{number} is taken", "leave it out, and the next is given")
    row = RequiredTraining(
        organization=organization,
        number=number or next_number(RequiredTraining, organization),
        version=0,
    )
    _write_course(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="course.required",
        by=by,
        at=at,
        subject=f"course {row.number}",
        after=course_content(fields),
    )
    return row


@transaction.atomic
def change_course(
    *,
    organization: Organization,
    number: int,
    fields: CourseFields,
    seen: int,
    by: str,
    at: datetime,
) -> RequiredTraining:
    """Change of whom a course is required, or require it no more.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PersonRefusedError: the number is no course's, or another is required of the same people.
    """
    lock(organization)
    row = RequiredTraining.objects.filter(organization=organization, number=number).first()
    if row is None:
        raise refuse("course", f"there is no required course {number}", "choose one of the list")
    refuse_stale(row, f"course {number}", seen=seen)
    before, after = difference(course_content(course_fields(row)), course_content(fields))
    if not after:
        return row
    _write_course(row, fields, by=by, at=at)
    record(
        log=organization.log,
        act="course.changed",
        by=by,
        at=at,
        subject=f"course {number}",
        before=before,
        after=after,
    )
    return row


def _write_course(row: RequiredTraining, fields: CourseFields, *, by: str, at: datetime) -> None:
    same = RequiredTraining.objects.filter(
        organization=row.organization,
        course__iexact=fields.course,
        kind=fields.kind.value,
        department__iexact=fields.department,
        retired_on=None,
    ).exclude(pk=row.pk)
    other = same.first()
    if other and fields.retired_on is None:
        todo = "change that one, or name other people"
        raise refuse("course", f"is required of the same people by {other.number}", todo)
    row.course, row.department, row.kind = fields.course, fields.department, fields.kind.value
    row.within_days, row.every_months = fields.within_days, fields.every_months
    row.since, row.retired_on, row.reason = fields.since, fields.retired_on, fields.reason
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


@transaction.atomic
def record_training(
    *,
    organization: Organization,
    person: int,
    fields: TrainingFields,
    by: str,
    at: datetime,
    proof: tuple[str, bytes] | None = None,
) -> TrainingRecord:
    """Record that somebody completed a course.

    Args:
        organization: whose person it is.
        person: their number.
        fields: course and day.
        by: who says so; it may be the person.
        at: when.
        proof: name and content of the certificate.

    Raises:
        PersonRefusedError: the number is nobody's, or the same completion is there.
        UploadRefusedError: the file is of no kind that serves as proof.
    """
    lock(organization)
    who = found_person(organization, person)
    same = who.trainings.filter(
        course__iexact=fields.course, completed_on=fields.completed_on, withdrawn=""
    )
    if same.exists():
        raise refuse("course", "is recorded for that day", "choose another day, or leave it")
    kept = keep_proof(organization, proof, by=by, at=at) if proof else None
    row = TrainingRecord.objects.create(
        organization=organization,
        number=next_number(TrainingRecord, organization),
        person=who,
        course=fields.course,
        provider=fields.provider,
        completed_on=fields.completed_on,
        valid_until=fields.valid_until,
        proof=kept,
        by=by,
        at=at,
    )
    more: dict[str, Any] = {"proof": describe_file(kept)} if kept else {}
    record(
        log=organization.log,
        act="training.recorded",
        by=by,
        at=at,
        subject=f"person {person}",
        after=training_content(fields) | {"training": row.number} | more,
    )
    return row


@transaction.atomic
def withdraw_training(
    *, organization: Organization, number: int, reason: str, by: str, at: datetime
) -> TrainingRecord:
    """Say that a completion does not count; it is kept, with the reason.

    Raises:
        PersonRefusedError: there is none of that number, or no reason.
    """
    lock(organization)
    rows = TrainingRecord.objects.filter(organization=organization, number=number)
    row = rows.select_related("person").first()
    if row is None:
        raise refuse("training", f"there is no training {number}", "choose one of the list")
    if row.withdrawn:
        return row
    row.withdrawn = read_reason(reason)
    row.save(update_fields=["withdrawn"])
    record(
        log=organization.log,
        act="training.withdrawn",
        by=by,
        at=at,
        subject=f"person {row.person.number}",
        before=training_content(training_fields(row)),
        after={"training": number, "withdrawn": row.withdrawn},
    )
    return row
