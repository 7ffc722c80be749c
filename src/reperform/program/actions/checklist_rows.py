"""Beginning a checklist as a part of the event that it is for, and ending one with it."""

from datetime import date, datetime
from typing import Any

from reperform.program.actions.person_rows import read_reason
from reperform.program.actions.rows import next_number
from reperform.program.checklists import THE_MANAGER, THE_PERSON, checklist_name
from reperform.program.checklists.due import doer, due_day
from reperform.program.checklists.steps import days_late
from reperform.program.models import DayCorrection, Person, StartedChecklist, Step
from reperform.program.people import Event, Kind
from reperform.program.queries.checklists import in_force, read_version
from reperform.program.queries.people import holders, posting_on


def begin(
    person: Person, event: Event, event_on: date, *, by: str, at: datetime
) -> StartedChecklist | None:
    """Begin the checklist that is in force for an event; the caller holds the lock.

    Returns:
        What was begun; None when the organization has none for it, which its pages say.
    """
    organization = person.organization
    posting = posting_on(person, event_on)
    kind = Kind(posting.kind) if posting else Kind.EMPLOYEE
    text = in_force(organization, checklist_name(event, kind))
    if text is None:
        return None
    started = StartedChecklist.objects.create(
        organization=organization,
        person=person,
        event=event.value,
        event_on=event_on,
        text=text,
        at=at,
    )
    items = read_version(text).items
    manager = posting.manager.number if posting and posting.manager else None
    positions = {each.does for each in items} - {THE_PERSON, THE_MANAGER}
    who = holders(organization, max(event_on, at.date()), positions)
    doers = [doer(each.does, person=person.number, manager=manager, holders=who) for each in items]
    numbers = {number for number in doers if number is not None}
    known = Person.objects.filter(organization=organization, number__in=numbers)
    by_number: dict[int | None, Person] = {each.number: each for each in known}
    first = next_number(Step, organization)
    Step.objects.bulk_create(
        Step(
            organization=organization,
            number=first + place,
            checklist=started,
            place=place + 1,
            what=item.what,
            proof_asked=item.proof,
            does=item.does,
            controls=list(item.controls),
            removes_access=item.removes_access,
            assignee=by_number.get(doers[place]),
            due_on=due_day(event_on, item),
            changed_by=by,
            changed_at=at,
        )
        for place, item in enumerate(items)
    )
    return started


def described(started: StartedChecklist | None) -> dict[str, Any]:
    """Return what the ledger says of a checklist that an event began."""
    if started is None:
        return {"checklist": None}
    return {
        "checklist": str(started.text),
        "steps": {
            str(each.number): f"{each.what} Due {each.due_on}."
            for each in started.steps.order_by("place")
        },
    }


def moved(
    person: Person,
    event: Event,
    before: date,
    after: date,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """Give a checklist's event another day, and its steps the days that follow from it.

    What was due until then is kept, with the reason: another day may end that a step was late.

    Returns:
        The new day of each step, why, and which are not late any more, for the ledger.

    Raises:
        PersonRefusedError: no reason is given.
    """
    started = person.checklists.filter(event=event.value, event_on=before, withdrawn="").first()
    if started is None or before == after:
        return {}
    why = read_reason(reason)
    started.event_on = after
    started.save(update_fields=["event_on"])
    items = read_version(started.text).items
    steps = list(started.steps.order_by("place"))
    due = {str(step.number): step.due_on.isoformat() for step in steps}
    were_late = [step.number for step in steps if _is_late(step, at.date())]
    for step in steps:
        step.due_on = due_day(after, items[step.place - 1])
        step.version += 1
    Step.objects.bulk_update(steps, ["due_on", "version"])
    late = {step.number for step in steps if _is_late(step, at.date())}
    lifted = [number for number in were_late if number not in late]
    DayCorrection.objects.create(
        checklist=started,
        before=before,
        after=after,
        reason=why,
        due=due,
        lifted=lifted,
        by=by,
        at=at,
    )
    return {
        "reason": why,
        "due": {str(each.number): each.due_on.isoformat() for each in steps},
        "not late any more": lifted,
    }


def _is_late(step: Step, today: date) -> bool:
    return bool(days_late(step.state, step.due_on, step.done_on, today))


def ended(person: Person, event: Event, event_on: date, reason: str) -> int:
    """End the checklist of an event that did not happen; return how many steps were open."""
    started = person.checklists.filter(event=event.value, event_on=event_on, withdrawn="").first()
    if started is None:
        return 0
    started.withdrawn = reason
    started.save(update_fields=["withdrawn"])
    return started.steps.filter(state="open").count()
