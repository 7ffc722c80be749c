"""Joiners, movers and leavers: each event with the day on which it takes effect."""

from datetime import date, datetime, timedelta

from django.db import transaction

from reperform.accounts.models import Organization
from reperform.ledger.actions import record
from reperform.program.actions import checklist_rows
from reperform.program.actions.person_rows import (
    add_person,
    add_posting,
    found_person,
    read_reason,
    refuse,
    refuse_second,
    save,
    settle,
    write_person,
)
from reperform.program.actions.rows import difference, lock, refuse_stale
from reperform.program.models import Person, Posting
from reperform.program.people import (
    Event,
    JoinerFields,
    LeaverFields,
    PersonFields,
    PostingFields,
    joiner_content,
    person_content,
    posting_content,
)
from reperform.program.people.listed import LATE_TO_BEGIN
from reperform.program.queries.people import person_fields, posting_fields


@transaction.atomic
def enter_joiner(
    *,
    organization: Organization,
    fields: JoinerFields,
    by: str,
    at: datetime,
    listed_on: date | None = None,
) -> Person:
    """Enter somebody who joins, before or after their first day; their checklist begins.

    Somebody who comes back is a new person with the same address.  `listed_on`: the day of a list
    that has them; whoever joined long before it begins none.

    Raises:
        PersonRefusedError: somebody else has the address then, or the manager cannot be.
    """
    lock(organization)
    person = add_person(organization, fields, by=by, at=at, listed_on=listed_on)
    started = None
    if listed_on is None or person.started_on >= listed_on - LATE_TO_BEGIN:
        started = checklist_rows.begin(person, Event.JOINER, person.started_on, by=by, at=at)
    record(
        log=organization.log,
        act="person.joined",
        by=by,
        at=at,
        subject=f"person {person.number}",
        after=joiner_content(fields) | checklist_rows.described(started),
    )
    return person


@transaction.atomic
def change_person(
    *,
    organization: Organization,
    number: int,
    fields: PersonFields,
    seen: int,
    by: str,
    at: datetime,
    reason: str = "",
) -> Person:
    """Correct a name, an address or a first day; nothing that was true before is lost.

    Another first day needs a reason where a checklist has begun: it moves what is due.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PersonRefusedError: the number is nobody's, or what is said cannot be.
    """
    lock(organization)
    person = found_person(organization, number)
    refuse_stale(person, f"person {number}", seen=seen)
    was = person_fields(person)
    before, after = difference(person_content(was), person_content(fields))
    if not after:
        return person
    write_person(person, fields, by=by, at=at)
    _move_start(person, was.started_on)
    days = (was.started_on, fields.started_on)
    due = checklist_rows.moved(person, Event.JOINER, *days, reason=reason, by=by, at=at)
    record(
        log=organization.log,
        act="person.changed",
        by=by,
        at=at,
        subject=f"person {number}",
        before=before,
        after=after | due,
    )
    return person


def _move_start(person: Person, before: date) -> None:
    """Let the first posting begin on the first day of work.

    Raises:
        PersonRefusedError: they moved on an earlier day.
    """
    first, *others = person.postings.filter(withdrawn="").order_by("from_day")
    if person.started_on == before:
        return
    if others and person.started_on >= others[0].from_day:
        todo = f"they moved on {others[0].from_day}: write an earlier day, or withdraw the move"
        raise refuse("started_on", "is not before the first move", todo)
    first.from_day = person.started_on
    first.save(update_fields=["from_day"])
    settle(person)


@transaction.atomic
def enter_move(
    *,
    organization: Organization,
    number: int,
    fields: PostingFields,
    by: str,
    at: datetime,
) -> Posting:
    """Enter what somebody is from a day on: position, department, manager or kind changed.

    Raises:
        PersonRefusedError: nothing would change, the day is taken or none of theirs, the manager
            does not work there then, or somebody would report to themselves.
    """
    lock(organization)
    person = found_person(organization, number)
    posting = add_posting(person, fields, by=by, at=at)
    before = _before(posting)
    was, now = difference(before, posting_content(fields))
    if set(now) <= {"from_day", "note"}:
        todo = "change position, department, manager or kind"
        raise refuse("position", "everything is as it was before that day", todo)
    started = checklist_rows.begin(person, Event.MOVER, fields.from_day, by=by, at=at)
    record(
        log=organization.log,
        act="person.moved",
        by=by,
        at=at,
        subject=f"person {number}",
        before={name: value for name, value in was.items() if name not in ("from_day", "note")},
        after=now
        | {"from_day": fields.from_day.isoformat(), "posting": posting.number}
        | checklist_rows.described(started),
    )
    return posting


def _before(posting: Posting) -> dict[str, object]:
    day = posting.from_day - timedelta(days=1)
    earlier = posting.person.postings.filter(withdrawn="", until=day).first()
    return posting_content(posting_fields(earlier)) if earlier else {}


@transaction.atomic
def withdraw_move(
    *,
    organization: Organization,
    number: int,
    posting: int,
    reason: str,
    by: str,
    at: datetime,
) -> Posting:
    """Say that a move did not happen, or was entered by mistake; it is kept, with the reason.

    Raises:
        PersonRefusedError: there is no such move, or it is how they joined.
    """
    lock(organization)
    person = found_person(organization, number)
    row = person.postings.filter(number=posting).first()
    if row is None:
        raise refuse("posting", f"there is no move {posting}", "choose one that is in the list")
    if row.withdrawn:
        return row
    if row.from_day == person.started_on:
        todo = "correct the person, or enter the move that came after it"
        raise refuse("posting", "is how they joined", todo)
    row.withdrawn = read_reason(reason)
    row.save(update_fields=["withdrawn"])
    settle(person)
    left = checklist_rows.ended(person, Event.MOVER, row.from_day, row.withdrawn)
    record(
        log=organization.log,
        act="move.withdrawn",
        by=by,
        at=at,
        subject=f"person {number}",
        before=posting_content(posting_fields(row)),
        after={"posting": posting, "withdrawn": row.withdrawn, "open steps ended": left},
    )
    return row


@transaction.atomic
def enter_leaver(
    *,
    organization: Organization,
    number: int,
    fields: LeaverFields,
    seen: int,
    by: str,
    at: datetime,
) -> Person:
    """Say that somebody leaves, before or after their last day; their checklist begins.

    Somebody whose last day was entered before gets another one; that needs a reason where the
    checklist has begun: it moves what is due.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PersonRefusedError: the number is nobody's, or they began or moved after that day.
    """
    lock(organization)
    person = found_person(organization, number)
    refuse_stale(person, f"person {number}", seen=seen)
    before, day = person.ended_on, fields.ended_on
    if before == day:
        return person
    latest = person.postings.filter(withdrawn="").order_by("-from_day").first()
    if day < (latest.from_day if latest else person.started_on):
        todo = "they began or moved after that day: withdraw the move, or write a later day"
        raise refuse("ended_on", f"{day} is before the last event", todo)
    person.ended_on = day
    refuse_second(person)
    save(person, by=by, at=at)
    if before is None:
        more = checklist_rows.described(
            checklist_rows.begin(person, Event.LEAVER, day, by=by, at=at)
        )
    else:
        why = fields.reason
        more = checklist_rows.moved(person, Event.LEAVER, before, day, reason=why, by=by, at=at)
    record(
        log=organization.log,
        act="person.left",
        by=by,
        at=at,
        subject=f"person {number}",
        before={"ended_on": before.isoformat() if before else None},
        after={"ended_on": day.isoformat()} | more,
    )
    return person


@transaction.atomic
def withdraw_leaver(
    *,
    organization: Organization,
    number: int,
    reason: str,
    seen: int,
    by: str,
    at: datetime,
) -> Person:
    """Say that somebody does not leave after all.

    Raises:
        StaleVersionError: somebody changed it in the meantime.
        PersonRefusedError: nobody has the number, or somebody else has the address by now.
    """
    lock(organization)
    person = found_person(organization, number)
    refuse_stale(person, f"person {number}", seen=seen)
    if person.ended_on is None:
        return person
    why, day = read_reason(reason), person.ended_on
    person.ended_on = None
    refuse_second(person)
    save(person, by=by, at=at)
    left = checklist_rows.ended(person, Event.LEAVER, day, why)
    record(
        log=organization.log,
        act="leaving.withdrawn",
        by=by,
        at=at,
        subject=f"person {number}",
        before={"ended_on": day.isoformat()},
        after={"ended_on": None, "reason": why, "open steps ended": left},
    )
    return person
