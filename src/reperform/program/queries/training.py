"""Required courses, what people completed, who lacks what, and background checks."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.program.models import BackgroundCheck, Person, RequiredTraining, TrainingRecord
from reperform.program.queries.people import held, people_on
from reperform.program.training import (
    CheckFields,
    CourseFields,
    For,
    Outcome,
    TrainingFields,
)
from reperform.program.training.lacking import Lack, Worker, lacks


def courses(organization: Organization) -> QuerySet[RequiredTraining]:
    """Return every course that is or was required, by number."""
    return RequiredTraining.objects.filter(organization=organization).order_by("number")


def trainings(organization: Organization) -> QuerySet[TrainingRecord]:
    """Return every completion, the withdrawn too, the latest first."""
    rows = TrainingRecord.objects.filter(organization=organization)
    return rows.select_related("person", "proof").order_by("-completed_on", "-number")


def checks(organization: Organization) -> QuerySet[BackgroundCheck]:
    """Return every background check, the one ordered last in front."""
    rows = BackgroundCheck.objects.filter(organization=organization)
    return rows.select_related("person").order_by("-ordered_on", "-number")


def course_fields(row: RequiredTraining) -> CourseFields:
    """Return a required course, as the register has it."""
    return CourseFields(
        course=row.course,
        since=row.since,
        kind=For(row.kind or "all"),
        department=row.department,
        within_days=row.within_days,
        every_months=row.every_months,
        retired_on=row.retired_on,
        reason=row.reason,
    )


def training_fields(row: TrainingRecord) -> TrainingFields:
    """Return a completion, as the register has it."""
    return TrainingFields(row.course, row.completed_on, row.provider, row.valid_until)


def check_fields(row: BackgroundCheck) -> CheckFields:
    """Return a background check, as the register has it."""
    outcome = Outcome(row.outcome or "pending")
    return CheckFields(row.kind, row.ordered_on, row.completed_on, outcome)


def lacking(
    organization: Organization,
    today: date,
    *,
    soon: timedelta = timedelta(0),
    only: Collection[int] | None = None,
    required: Sequence[RequiredTraining] | None = None,
) -> list[Lack]:
    """Return who lacks which course on a day, the one due first in front.

    Args:
        organization: whose people they are.
        today: the day.
        soon: completions that end within it are lacks already.
        only: numbers of the people to look at; None for everybody who works there.
        required: the courses that `courses` returned; None to ask for them.
    """
    rows_asked = courses(organization) if required is None else required
    asked = [course_fields(row) for row in rows_asked]
    if not asked:
        return []
    there = people_on(organization, today)
    rows = TrainingRecord.objects.filter(organization=organization, withdrawn="")
    if only is not None:
        there, rows = there.filter(number__in=only), rows.filter(person__number__in=only)
    workers = [
        Worker(each.person.number, each.person.started_on, each.kind, each.department)
        for each in held(there, today)
    ]
    records: dict[int, list[TrainingFields]] = {}
    columns = ("person__number", "course", "completed_on", "provider", "valid_until")
    for number, *said in rows.values_list(*columns):
        records.setdefault(number, []).append(TrainingFields(*said))
    found = lacks(asked, workers, records, today=today, soon=soon)
    return sorted(found, key=lambda each: (each.due_on, each.person, each.course))


def unchecked(organization: Organization, day: date) -> QuerySet[Person]:
    """Return who works there on `day` without a check that is complete."""
    complete = BackgroundCheck.objects.filter(person=OuterRef("pk")).exclude(outcome="")
    return people_on(organization, day).filter(~Exists(complete))


def checked(organization: Organization, day: date) -> tuple[int, int]:
    """Return how many who work there have no complete check, and of how many the last refused.

    What was completed last counts: who was cleared later is cleared.
    """
    complete = BackgroundCheck.objects.filter(person=OuterRef("pk")).exclude(outcome="")
    last = complete.order_by("-completed_on", "-number").values("outcome")[:1]
    counted = (
        people_on(organization, day)
        .annotate(last=Subquery(last))
        .aggregate(
            without=Count("pk", filter=Q(last=None)),
            refused=Count("pk", filter=Q(last=Outcome.NOT_CLEARED.value)),
        )
    )
    return counted["without"], counted["refused"]
