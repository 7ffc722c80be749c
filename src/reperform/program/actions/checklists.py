"""Taking checklists, changing them, and doing their steps."""

from datetime import datetime
from typing import Any

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.base.refusal import RefusalError
from reperform.base.stale import StaleVersionError
from reperform.ledger.actions import record
from reperform.program.actions import checklist_rows
from reperform.program.actions.files import describe_file
from reperform.program.actions.person_rows import found_person, keep_proof, refuse
from reperform.program.actions.rows import difference, lock, refuse_stale
from reperform.program.checklists import Checklist, checklist_content
from reperform.program.checklists.steps import StepFields, StepState, step_content
from reperform.program.models import ChecklistVersion, Person, StartedChecklist, Step
from reperform.program.people import Event
from reperform.program.queries.checklists import event_day, in_force, step_fields


class StepNotYoursError(RefusalError):
    """Somebody does own steps only."""

    slug = "step-not-yours"


@transaction.atomic
def write_checklist(
    *, organization: Organization, checklist: Checklist, seen: int, by: str, at: datetime
) -> ChecklistVersion:
    """Take a checklist, or write its next version; those that began keep theirs.

    Args:
        organization: whose checklist it is.
        checklist: the whole of it.
        seen: number of the version that it changes; 0 for none.
        by: who writes it.
        at: when.

    Raises:
        StaleVersionError: somebody wrote another version in the meantime.
    """
    lock(organization)
    content = checklist_content(checklist)
    latest = in_force(organization, checklist.name)
    number = latest.number if latest else 0
    if latest and latest.content == content:
        return latest
    if number != seen:
        raise StaleVersionError(
            f"the checklist {checklist.name}",
            seen=seen,
            current=number,
            by=latest.by if latest else "",
        )
    made = ChecklistVersion.objects.create(
        organization=organization,
        name=checklist.name,
        number=number + 1,
        content=content,
        by=by,
        at=at,
    )
    before, after = difference(latest.content if latest else {}, content)
    record(
        log=organization.log,
        act="checklist.changed" if latest else "checklist.taken",
        by=by,
        at=at,
        subject=f"checklist {checklist.name}",
        before=before if latest else None,
        after=after | {"version": made.number},
    )
    return made


@transaction.atomic
def start_checklist(
    *, organization: Organization, number: int, event: Event, by: str, at: datetime
) -> StartedChecklist:
    """Begin the checklist of an event that began none, because there was none in force then.

    Args:
        organization: whose person it is.
        number: of the person.
        event: the joining, the latest move, or the departure.
        by: who begins it.
        at: when.

    Raises:
        PersonRefusedError: there was no such event, it has a checklist, or none is in force.
    """
    lock(organization)
    person = found_person(organization, number)
    day = event_day(person, event)
    if day is None:
        raise refuse("event", f"there is no {event.value} event", "enter it first")
    if person.checklists.filter(event=event.value, event_on=day, withdrawn="").exists():
        raise refuse("event", "has its checklist", "do its steps")
    started = checklist_rows.begin(person, event, day, by=by, at=at)
    if started is None:
        raise refuse("event", "has no checklist in force", "take one under Checklists")
    record(
        log=organization.log,
        act="checklist.started",
        by=by,
        at=at,
        subject=f"person {number}",
        after={"event": event.value, "event_on": day.isoformat()}
        | checklist_rows.described(started),
    )
    return started


@transaction.atomic
def change_step(
    *,
    organization: Organization,
    number: int,
    fields: StepFields,
    seen: int,
    limited_to: Person | None,
    by: str,
    at: datetime,
    proof: tuple[str, bytes] | None = None,
) -> Step:
    """Say that a step is done or not needed, or give it to somebody.

    Args:
        organization: whose step it is.
        number: of the step, whose event happened.
        fields: what is said of it.
        seen: the version that is changed.
        limited_to: who may change own steps only, and not whose they are; None for anybody's.
        by: who says it.
        at: when.
        proof: name and content of a file that shows it; None keeps the one that there is.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        StepNotYoursError: it is somebody else's.
        PersonRefusedError: whoever it is given to does not exist, or it waits to begin.
        UploadRefusedError: the file is of no kind that serves as proof.
    """
    lock(organization)
    step = Step.objects.select_related("checklist__person", "assignee", "proof").get(
        organization=organization, number=number, checklist__withdrawn=""
    )
    refuse_stale(step, f"step {number}", seen=seen)
    before = step_content(step_fields(step))
    _refuse_others_step(step, fields, limited_to)
    was, now = difference(before, step_content(fields))
    if not now and proof is None:
        return step
    if "assignee" in now:
        step.assignee = _assignee(organization, fields.assignee)
    step.state, step.done_on, step.note = fields.state.value, fields.done_on, fields.note
    kept: dict[str, Any] = {}
    if proof is not None:
        step.proof = keep_proof(organization, proof, by=by, at=at)
        kept = {"proof": describe_file(step.proof)}
    step.version += 1
    step.changed_by, step.changed_at = by, at
    step.save()
    record(
        log=organization.log,
        act="step.done" if now.get("state") == StepState.DONE else "step.changed",
        by=by,
        at=at,
        subject=f"step {number}",
        before=was,
        after=now | kept | {"person": step.checklist.person.number, "what": step.what},
    )
    return step


def _assignee(organization: Organization, number: int | None) -> Person | None:
    return None if number is None else found_person(organization, number, where="assignee")


def _refuse_others_step(step: Step, fields: StepFields, limited_to: Person | None) -> None:
    if limited_to is None:
        return
    if step.assignee_id == limited_to.pk and fields.assignee == limited_to.number:
        return
    raise StepNotYoursError(
        f"step {step.number} was not changed: you do the steps that are yours",
        why="Whoever says that something is done must be who did it, or who answers for all.",
        todo="ask a compliance manager",
    )
