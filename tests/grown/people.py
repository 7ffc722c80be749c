"""People with postings, checklists with steps, courses, trainings and checks."""

from datetime import date, datetime, timedelta

from reperform.accounts.models import Organization
from reperform.program.actions.checklists import write_checklist
from reperform.program.actions.rows import next_number
from reperform.program.checklists import NAMES
from reperform.program.checklists.files import checklist_library
from reperform.program.models import (
    BackgroundCheck,
    ChecklistVersion,
    Person,
    Posting,
    RequiredTraining,
    StartedChecklist,
    Step,
    TrainingRecord,
)

_BATCH = 2_000
_DEPARTMENTS = ("Engineering", "Platform", "Support", "People", "Finance")
_OF_EACH = 8
"""How many report to one person."""


def grow_people(organization: Organization, count: int, at: datetime) -> None:
    """Add people until there are `count`, each with one of everything."""
    _texts(organization, at)
    text = ChecklistVersion.objects.get(organization=organization, name="joiner-employee", number=1)
    day = at.date()
    made = Person.objects.bulk_create(
        [
            Person(
                organization=organization,
                number=number,
                name=f"Worker {number}",
                email=f"person{number - 1}@{organization.slug}.example",
                started_on=day - timedelta(days=1000 - number % 900),
                ended_on=day - timedelta(days=number % 90) if number % 7 == 0 else None,
                changed_by="grown",
                changed_at=at,
            )
            for number in range(next_number(Person, organization), count + 1)
        ],
        batch_size=_BATCH,
    )
    by_number = dict(Person.objects.filter(organization=organization).values_list("number", "pk"))
    Posting.objects.bulk_create(
        [
            Posting(
                person=person,
                number=1,
                from_day=person.started_on,
                position=f"Position {person.number % 20}",
                department=_DEPARTMENTS[person.number % 5],
                manager_id=by_number.get(person.number // _OF_EACH),
                kind=("employee", "employee", "contractor")[person.number % 3],
                by="grown",
                at=at,
            )
            for person in made
        ],
        batch_size=_BATCH,
    )
    _records(organization, made, at)
    _steps(organization, made, text, at)


def _texts(organization: Organization, at: datetime) -> None:
    for name in NAMES:
        write_checklist(
            organization=organization,
            checklist=checklist_library()[name],
            seen=ChecklistVersion.objects.filter(organization=organization, name=name).count(),
            by="grown",
            at=at,
        )
    RequiredTraining.objects.get_or_create(
        organization=organization,
        number=1,
        defaults={
            "course": "Security",
            "within_days": 30,
            "every_months": 12,
            "since": date(2025, 1, 1),
            "changed_by": "grown",
            "changed_at": at,
        },
    )


def _records(organization: Organization, made: list[Person], at: datetime) -> None:
    TrainingRecord.objects.bulk_create(
        [
            TrainingRecord(
                organization=organization,
                number=person.number,
                person=person,
                course="Security",
                completed_on=at.date() - timedelta(days=person.number % 500),
                by="grown",
                at=at,
            )
            for person in made
        ],
        batch_size=_BATCH,
    )
    BackgroundCheck.objects.bulk_create(
        [
            BackgroundCheck(
                organization=organization,
                number=person.number,
                person=person,
                kind="Identity",
                ordered_on=person.started_on,
                changed_by="grown",
                changed_at=at,
            )
            for person in made
        ],
        batch_size=_BATCH,
    )


def _steps(
    organization: Organization, made: list[Person], text: ChecklistVersion, at: datetime
) -> None:
    started = StartedChecklist.objects.bulk_create(
        [
            StartedChecklist(
                organization=organization,
                person=person,
                event="joiner",
                event_on=person.started_on,
                text=text,
                at=at,
            )
            for person in made
        ],
        batch_size=_BATCH,
    )
    Step.objects.bulk_create(
        [
            Step(
                organization=organization,
                number=each.person.number,
                checklist=each,
                place=1,
                what="Read the policies.",
                does="the person",
                assignee=each.person,
                due_on=each.event_on,
                state=("open", "done")[each.person.number % 2],
                done_on=each.event_on if each.person.number % 2 else None,
                changed_by="grown",
                changed_at=at,
            )
            for each in started
        ],
        batch_size=_BATCH,
    )
