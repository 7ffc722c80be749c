"""Checklists in force, those that events began, and their steps."""

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from reperform.accounts.models import Organization
from reperform.program.checklists import Checklist, read_checklist
from reperform.program.checklists.steps import StepFields, StepState
from reperform.program.models import ChecklistVersion, Person, StartedChecklist, Step
from reperform.program.people import Event


def in_force(organization: Organization, name: str) -> ChecklistVersion | None:
    """Return the latest version of a checklist; None when the organization has none."""
    rows = ChecklistVersion.objects.filter(organization=organization, name=name)
    return rows.order_by("-number").first()


def all_in_force(organization: Organization) -> dict[str, ChecklistVersion]:
    """Return the latest version of each checklist by its name."""
    rows = ChecklistVersion.objects.filter(organization=organization)
    newest = rows.filter(name=OuterRef("name")).order_by("-number").values("pk")[:1]
    return {row.name: row for row in rows.filter(pk=Subquery(newest)).order_by("name")}


def versions(organization: Organization, name: str) -> QuerySet[ChecklistVersion]:
    """Return every version of a checklist, the newest first."""
    rows = ChecklistVersion.objects.filter(organization=organization, name=name)
    return rows.order_by("-number")


def read_version(row: ChecklistVersion) -> Checklist:
    """Return what a version says, which was read without problems when it was kept."""
    return read_checklist(row.content, row.name)[0]


def event_day(person: Person, event: Event) -> date | None:
    """Return the first day, the day of the latest move, or the last; None without such an event."""
    if event is Event.MOVER:
        moves = person.postings.filter(withdrawn="", from_day__gt=person.started_on)
        latest = moves.order_by("-from_day").first()
        return latest.from_day if latest else None
    return person.ended_on if event is Event.LEAVER else person.started_on


def not_begun(person: Person) -> list[Event]:
    """Return the events of a person that began no checklist, as `start_checklist` can begin it."""
    begun = set(person.checklists.filter(withdrawn="").values_list("event", "event_on"))
    days = {event: event_day(person, event) for event in Event}
    return [each for each, day in days.items() if day and (each.value, day) not in begun]


def started_for(person: Person) -> QuerySet[StartedChecklist]:
    """Return the checklists that events of a person began, with their steps, by day."""
    rows = StartedChecklist.objects.filter(person=person).select_related("text")
    return rows.prefetch_related("steps__assignee", "steps__proof", "corrections").order_by(
        "event_on", "pk"
    )


def steps(organization: Organization) -> QuerySet[Step]:
    """Return the steps of every event that happened, those due first in front."""
    rows = Step.objects.filter(organization=organization, checklist__withdrawn="")
    return rows.select_related("checklist__person", "assignee", "proof").order_by(
        "due_on", "number"
    )


def step_row(organization: Organization, number: int) -> Step | None:
    """Return a step; None when there is none, or its event did not happen."""
    return steps(organization).filter(number=number).first()


def open_steps(organization: Organization) -> QuerySet[Step]:
    """Return what is still to be done."""
    return steps(organization).filter(state="open")


def late_steps(organization: Organization, today: date) -> QuerySet[Step]:
    """Return what is late, and what was done late: finishing does not make it on time."""
    is_late = Q(state="open", due_on__lt=today) | Q(state="done", done_on__gt=F("due_on"))
    return steps(organization).filter(is_late)


def steps_of(person: Person) -> QuerySet[Step]:
    """Return the open steps that somebody is to do."""
    rows = Step.objects.filter(assignee=person, state="open", checklist__withdrawn="")
    return rows.select_related("checklist__person").order_by("due_on", "number")


def step_fields(step: Step) -> StepFields:
    """Return what is said of a step now."""
    return StepFields(
        state=StepState(step.state),
        done_on=step.done_on,
        note=step.note,
        assignee=step.assignee.number if step.assignee else None,
    )
