"""Everybody who joined, left or moved in a period, exactly, from the register."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, QuerySet

from reperform.accounts.models import Organization
from reperform.base.period import Period
from reperform.program.models import Posting, Step
from reperform.program.people.populations import Member, Population

Access = tuple[date, date | None]


def population(organization: Organization, which: Population, period: Period) -> list[Member]:
    """Return the events of a period by their day, then by person."""
    rows = Posting.objects.filter(person__organization=organization, withdrawn="")
    days = (period.first, period.last)
    if which is Population.JOINERS:
        found = rows.filter(person__started_on__range=days, from_day=F("person__started_on"))
        return _members(found.order_by("from_day", "person__number"))
    if which is Population.MOVES:
        moves = rows.filter(from_day__range=days).exclude(from_day=F("person__started_on"))
        found = moves.order_by("from_day", "person__number")
        return _members(found, before=_before(rows, moves))
    left = rows.filter(person__ended_on__range=days, until=None)
    return _members(
        left.order_by("person__ended_on", "person__number"),
        access=_access(organization, period),
        is_leaving=True,
    )


def _members(
    rows: QuerySet[Posting],
    *,
    before: dict[tuple[int, date], Posting] | None = None,
    access: dict[int, Access] | None = None,
    is_leaving: bool = False,
) -> list[Member]:
    found = []
    for row in rows.select_related("person", "manager"):
        person = row.person
        was = (before or {}).get((row.person_id, row.from_day - timedelta(days=1)))
        due, removed = (access or {}).get(row.person_id, (None, None))
        found.append(
            Member(
                person=person.number,
                name=person.name,
                email=person.email,
                day=person.ended_on if is_leaving and person.ended_on else row.from_day,
                kind=row.kind,
                position=row.position,
                department=row.department,
                manager=row.manager.name if row.manager else "",
                before=_words(was) if was else "",
                access=removed,
                access_due=due,
            )
        )
    return found


def _before(rows: QuerySet[Posting], moves: QuerySet[Posting]) -> dict[tuple[int, date], Posting]:
    """Return what was before each move, by person and last day."""
    movers = moves.values("person")
    earlier = rows.filter(person__in=movers).exclude(until=None).select_related("manager")
    return {(each.person_id, each.until): each for each in earlier if each.until}


def _words(was: Posting) -> str:
    said: Iterable[str] = (
        was.position,
        was.department,
        was.kind,
        f"reports to {was.manager.name}" if was.manager else "reports to nobody",
    )
    return ", ".join(filter(None, said))


def _access(organization: Organization, period: Period) -> dict[int, Access]:
    """Return when access was to be removed and was, by person: None while a step is open."""
    rows = Step.objects.filter(
        organization=organization,
        removes_access=True,
        checklist__event="leaver",
        checklist__withdrawn="",
        checklist__event_on__range=(period.first, period.last),
    ).exclude(state="not needed")
    by_person: dict[int, list[tuple[date, date | None]]] = {}
    for person, due, done in rows.values_list("checklist__person", "due_on", "done_on"):
        by_person.setdefault(person, []).append((due, done))
    found: dict[int, Access] = {}
    for person, many in by_person.items():
        done_on = [done for _, done in many if done]
        is_open = len(done_on) < len(many)
        found[person] = (max(due for due, _ in many), None if is_open else max(done_on))
    return found
