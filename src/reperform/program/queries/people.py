"""Who works for the organization, and what they were on any day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from reperform.accounts.models import Membership, Organization
from reperform.program.models import Person, Posting
from reperform.program.people import (
    LATEST,
    Kind,
    PersonFields,
    PostingFields,
)
from reperform.program.people.reporting import Span


def people(organization: Organization) -> QuerySet[Person]:
    """Return everybody who works, worked or will work there, by name."""
    return Person.objects.filter(organization=organization).order_by("name", "number")


def people_on(organization: Organization, day: date) -> QuerySet[Person]:
    """Return who works there on `day`, the last day of work included."""
    still = Q(ended_on=None) | Q(ended_on__gte=day)
    return people(organization).filter(still, started_on__lte=day)


def person_of(membership: Membership, *, day: date) -> Person | None:
    """Return the person that a member is, by e-mail address; None when the register has none."""
    address = membership.user.email.lower()
    return people_on(membership.organization, day).filter(email=address).first()


def person_row(organization: Organization, number: int) -> Person | None:
    """Return a person; None when the organization has none of that number."""
    return Person.objects.filter(organization=organization, number=number).first()


def posted(found: QuerySet[Person], day: date) -> QuerySet[Person]:
    """Return people with what they are on `day`, which may be nothing: `Held.of` reads it."""
    holds = Q(postings__withdrawn="", postings__from_day__lte=day) & (
        Q(postings__until=None) | Q(postings__until__gte=day)
    )
    return found.alias(held=FilteredRelation("postings", condition=holds)).annotate(
        held_position=F("held__position"),
        held_department=F("held__department"),
        held_kind=F("held__kind"),
        held_manager=F("held__manager__number"),
        held_manager_name=F("held__manager__name"),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody, with what they are on a day; empty texts and None where nothing says it."""

    person: Person
    position: str
    department: str
    kind: str
    manager: int | None
    manager_name: str

    @classmethod
    def of(cls, row: Person) -> "Held":
        """Return a row of `posted` as a value."""
        said = vars(row)
        return cls(
            person=row,
            position=said["held_position"] or "",
            department=said["held_department"] or "",
            kind=said["held_kind"] or "",
            manager=said["held_manager"],
            manager_name=said["held_manager_name"] or "",
        )


def held(found: QuerySet[Person], day: date) -> list[Held]:
    """Return people with what they are on `day`."""
    return [Held.of(row) for row in posted(found, day)]


def people_like(
    organization: Organization,
    day: date,
    *,
    state: str = "there",
    kind: str = "",
    department: str = "",
    text: str = "",
) -> QuerySet[Person]:
    """Return people by name with what they are on a day, each as `Held.of` reads it.

    Whoever left has what they were last, and whoever is to come what they will be.

    Args:
        organization: whose they are.
        day: the day.
        state: `there`, `left` before it, `to come` after it, or `all`.
        kind: of contract; empty for any.
        department: by its name; empty for any.
        text: a part of the name, the address or the position; empty for any.
    """
    found = people(organization)
    if state == "there":
        found = people_on(organization, day)
    elif state == "left":
        found = found.filter(ended_on__lt=day)
    elif state == "to come":
        found = found.filter(started_on__gt=day)
    found = posted(found, LATEST if state == "to come" else day)
    asked = {"held_kind": kind, "held_department": department}
    found = found.filter(**{name: value for name, value in asked.items() if value})
    for piece in text.replace("\0", " ").split()[:5]:
        found = found.filter(
            Q(name__icontains=piece) | Q(email__icontains=piece) | Q(held_position__icontains=piece)
        )
    return found


def postings_of(person: Person) -> list[Posting]:
    """Return everything that somebody was, is and will be, the withdrawn too, by its day."""
    return list(person.postings.select_related("manager").order_by("from_day", "number"))


def posting_on(person: Person, day: date) -> Posting | None:
    """Return what somebody is on a day; None when nothing says it."""
    stands = person.postings.filter(Q(until=None) | Q(until__gte=day), withdrawn="")
    return stands.filter(from_day__lte=day).select_related("manager").first()


def spans_above(person: Person) -> dict[int, list[Span]]:
    """Return to whom somebody reports, to whom these do, and so on up, by number of the person.

    Nobody else can be part of a circle that goes through them.  Nothing is returned when nobody
    reports to them, as to somebody who just came: then there is none.
    """
    stands = Posting.objects.filter(person__organization=person.organization, withdrawn="")
    if not stands.filter(manager=person).exists():
        return {}
    found: dict[int, list[Span]] = {}
    asked = {person.number}
    columns = ("person__number", "from_day", "until", "manager__number")
    while asked:
        found |= {number: [] for number in asked}
        for number, from_day, until, manager in stands.filter(person__number__in=asked).values_list(
            *columns
        ):
            found[number].append(Span(number, from_day, until, manager))
        above = {span.manager for number in asked for span in found[number]}
        asked = {number for number in above if number is not None and number not in found}
    return found


def holders(
    organization: Organization, day: date, positions: Iterable[str]
) -> dict[str, list[int]]:
    """Return who holds each of the positions on a day, by its name in small letters."""
    wanted = {each.casefold() for each in positions}
    rows = Posting.objects.filter(person__organization=organization, withdrawn="")
    named = rows.values_list("position", flat=True).distinct() if wanted else ()
    found: dict[str, list[int]] = {}
    known = [each for each in named if each.casefold() in wanted]
    if not known:
        return found
    asked = {"held_position__in": known}
    there = posted(people_on(organization, day), day).filter(**asked)
    for each in map(Held.of, there):
        found.setdefault(each.position.casefold(), []).append(each.person.number)
    return found


def departments(organization: Organization) -> list[str]:
    """Return every department that anybody is or was of, by name."""
    rows = Posting.objects.filter(person__organization=organization, withdrawn="")
    return list(
        rows.exclude(department="")
        .values_list("department", flat=True)
        .distinct()
        .order_by("department")
    )


def reporting_to_leavers(organization: Organization, day: date) -> QuerySet[Person]:
    """Return who works there on `day` and reports to somebody who does not any more."""
    gone = Posting.objects.filter(
        Q(until=None) | Q(until__gte=day),
        person=OuterRef("pk"),
        withdrawn="",
        from_day__lte=day,
        manager__ended_on__lt=day,
    )
    return people_on(organization, day).filter(Exists(gone))


def person_fields(row: Person) -> PersonFields:
    """Return who somebody is, as the register has it."""
    return PersonFields(row.name, row.email, row.started_on)


def posting_fields(row: Posting) -> PostingFields:
    """Return what somebody is from a day on, as the register has it."""
    return PostingFields(
        from_day=row.from_day,
        kind=Kind(row.kind),
        position=row.position,
        department=row.department,
        manager=row.manager.number if row.manager else None,
        note=row.note,
    )
