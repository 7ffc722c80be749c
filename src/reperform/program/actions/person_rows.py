"""Writing people and their postings: what every action on the workforce has in common."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from reperform.accounts.models import Organization
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.program.actions.files import keep_file
from reperform.program.actions.rows import next_number
from reperform.program.models import KeptFile, Person, Posting
from reperform.program.people import LONGEST_NOTE, JoinerFields, PersonFields, PostingFields
from reperform.program.people.reporting import ends, find_circle
from reperform.program.queries.people import spans_above


class PersonRefusedError(RefusalError):
    """What was said of a person cannot be: it names nobody, makes a circle, or contradicts."""

    slug = "person-refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        super().__init__(
            f"nothing was saved: {problems[0].where}: {problems[0].what}",
            why="Who was there, as what, must have one answer for every day.",
            todo=[problem.todo for problem in problems],
        )
        self.problems = tuple(problems)


def refuse(where: str, what: str, todo: str) -> PersonRefusedError:
    """Return the refusal of one field."""
    return PersonRefusedError([Problem(where, what, todo, PersonRefusedError.slug)])


def read_reason(said: str, *, where: str = "reason") -> str:
    """Return why something is withdrawn, as one line.

    Raises:
        PersonRefusedError: there is none, or it is too long.
    """
    reason = " ".join(said.replace("\x00", " ").split())
    if not reason:
        raise refuse(where, "is empty", "say why: an auditor will ask")
    if len(reason) > LONGEST_NOTE:
        raise refuse(where, f"has {len(reason):,} characters", f"keep to {LONGEST_NOTE:,}")
    return reason


def found_person(organization: Organization, number: int, *, where: str = "person") -> Person:
    """Return a person of the organization.

    Raises:
        PersonRefusedError: it has none of that number.
    """
    row = Person.objects.filter(organization=organization, number=number).first()
    if row is None:
        raise refuse(where, f"there is no person {number}", "choose one that is in the register")
    return row


def add_person(
    organization: Organization,
    fields: JoinerFields,
    *,
    by: str,
    at: datetime,
    listed_on: date | None = None,
) -> Person:
    """Write a new person with the next number and their first posting.

    It is a part of the action that calls it, which holds the lock and records it.

    Raises:
        PersonRefusedError: see `enter_joiner`.
    """
    person = Person(organization=organization, number=next_number(Person, organization), version=0)
    write_person(person, fields.person, by=by, at=at)
    add_posting(person, fields.posting, by=by, at=at, listed_on=listed_on)
    return person


def write_person(row: Person, fields: PersonFields, *, by: str, at: datetime) -> None:
    """Write who somebody is into `row`; their postings are not touched.

    Raises:
        PersonRefusedError: they would end before they begin, or somebody else has the address.
    """
    if row.ended_on and fields.started_on > row.ended_on:
        todo = f"write {row.ended_on} or an earlier day"
        raise refuse("started_on", "is after the last day of work", todo)
    row.name, row.email, row.started_on = fields.name, fields.email, fields.started_on
    refuse_second(row)
    save(row, by=by, at=at)


def refuse_second(row: Person) -> None:
    """Refuse that two people have one address on the same day.

    Raises:
        PersonRefusedError: somebody else has it.
    """
    if not row.email:
        return
    others = Person.objects.filter(organization=row.organization, email=row.email)
    overlaps = Q(ended_on=None) | Q(ended_on__gte=row.started_on)
    if row.ended_on:
        overlaps &= Q(started_on__lte=row.ended_on)
    other = others.exclude(pk=row.pk).filter(overlaps).first()
    if other:
        todo = "say first that they left, or correct the address"
        raise refuse("email", f"is the address of person {other.number} at that time", todo)


def save(row: Person, *, by: str, at: datetime) -> None:
    """Save a person as the next version."""
    row.version += 1
    row.changed_by, row.changed_at = by, at
    row.save()


def add_posting(
    person: Person,
    fields: PostingFields,
    *,
    by: str,
    at: datetime,
    listed_on: date | None = None,
) -> Posting:
    """Write what somebody is from a day on; the caller holds the organization's lock.

    `listed_on`: the day of a list that says it; their manager works there then, and may have come
    after them.

    Raises:
        PersonRefusedError: the day is not one of theirs or taken, or the manager cannot be.
    """
    day = fields.from_day
    if day < person.started_on or (person.ended_on and day > person.ended_on):
        until = f" to {person.ended_on}" if person.ended_on else ""
        todo = f"they work here from {person.started_on}{until}: write a day of these"
        raise refuse("from_day", f"{day} is no day of their work", todo)
    stands = person.postings.filter(withdrawn="")
    if stands.filter(from_day=day).exists():
        todo = "withdraw that one first, or choose another day"
        raise refuse("from_day", f"something changed on {day} already", todo)
    posting = Posting.objects.create(
        person=person,
        number=1 + person.postings.count(),
        from_day=day,
        position=fields.position,
        department=fields.department,
        manager=_manager(person, fields, listed_on or day),
        kind=fields.kind.value,
        note=fields.note,
        by=by,
        at=at,
    )
    settle(person)
    return posting


def _manager(person: Person, fields: PostingFields, day: date) -> Person | None:
    if fields.manager is None:
        return None
    found = found_person(person.organization, fields.manager, where="manager")
    if found.started_on > day or (found.ended_on and found.ended_on < day):
        todo = "choose somebody who does, or another day"
        raise refuse("manager", f"person {found.number} does not work here on {day}", todo)
    return found


def settle(person: Person) -> None:
    """Let the postings that stand cover each day once, and nobody report to themselves.

    Raises:
        PersonRefusedError: somebody would.
    """
    stands = list(person.postings.filter(withdrawn=""))
    until = ends(each.from_day for each in stands)
    moved = [each for each in stands if each.until != until[each.from_day]]
    for each in moved:
        each.until = until[each.from_day]
    Posting.objects.bulk_update(moved, ["until"])
    circle = find_circle(person.number, spans_above(person))
    if circle:
        day, way = circle
        named = " reports to ".join(f"person {number}" for number in way)
        raise refuse("manager", f"makes a circle on {day}: {named}", "choose another manager")


def keep_proof(
    organization: Organization, proof: tuple[str, bytes], *, by: str, at: datetime
) -> KeptFile:
    """Keep a file that shows something of a person, for those who may read the register.

    It is a part of the action that calls it, which records its digests.

    Raises:
        UploadRefusedError: it is empty, too large, or of no kind that serves as proof.
    """
    name, content = proof
    return keep_file(
        organization=organization,
        name=name,
        content=content,
        readable_with="people.view",
        by=by,
        at=at,
    )
