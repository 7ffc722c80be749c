"""What a list of people would do now."""

from datetime import date

from reperform.accounts.models import Organization
from reperform.base.grid import Grid
from reperform.program.models import Posting
from reperform.program.people import LATEST, Kind
from reperform.program.people.importing import Known, PeopleImport, plan_import
from reperform.program.people.listed import Listed, Registered
from reperform.program.people.mapping import Choices
from reperform.program.queries.people import held, people, person_fields


def people_import(
    organization: Organization, grid: Grid, choices: Choices, *, today: date
) -> PeopleImport:
    """Return what a list would do; nothing is written."""
    return plan_import(grid, choices, Known(_registered(organization, today), today))


def _registered(organization: Organization, today: date) -> tuple[Registered, ...]:
    """Return everybody with what they are today: who left, what they were; who comes, will be."""
    rows = Posting.objects.filter(person__organization=organization, withdrawn="")
    days: dict[int, list[date]] = {}
    for number, day in rows.values_list("person__number", "from_day").order_by("from_day"):
        days.setdefault(number, []).append(day)
    everybody = people(organization).order_by("started_on", "number")
    began = {each.person.number: each for each in held(everybody, today)}
    later = {
        each.person.number: each for each in held(everybody.filter(started_on__gt=today), LATEST)
    }
    found = []
    for number, each in (began | later).items():
        row = each.person
        moved = [day for day in days.get(number, []) if number in later or day <= today]
        listed = Listed(
            person=person_fields(row),
            ended_on=row.ended_on,
            kind=Kind(each.kind or "employee"),
            position=each.position,
            department=each.department,
            manager=f"person {each.manager}" if each.manager else "",
        )
        found.append(Registered(number, listed, max(moved, default=row.started_on)))
    return tuple(found)
