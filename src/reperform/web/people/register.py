"""The list of people, and one person's whole story."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.base.reader import Reader
from reperform.ledger.queries import changes, shown
from reperform.program.checklists.steps import days_late
from reperform.program.models import Person, Posting, StartedChecklist, Step
from reperform.program.people import Kind
from reperform.program.queries.checklists import late_steps, not_begun, open_steps, steps
from reperform.program.queries.people import (
    Held,
    departments,
    people,
    people_like,
    people_on,
    postings_of,
    reporting_to_leavers,
)
from reperform.program.queries.training import checks, lacking, trainings, unchecked
from reperform.web.page import PageRequest, page
from reperform.web.people.forms import found_person

_ON_A_PAGE = 50
_MOST_CHANGES = 50
STATES = (("there", "at work"), ("left", "left"), ("to come", "to come"), ("all", "everybody"))


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as lists show it; `late` is by how many days it is or was late."""

    step: Step
    late: int


@dataclass(frozen=True, slots=True)
class StartedLines:
    """A checklist that an event began, with its steps in their order."""

    started: StartedChecklist
    steps: tuple[StepLine, ...]


def step_line(step: Step, today: date) -> StepLine:
    """Return a step as lists show it."""
    return StepLine(step, days_late(step.state, step.due_on, step.done_on, today))


def asked_day(request: PageRequest, name: str) -> date:
    """Return the day that the address asks about; today when it says none that can be."""
    reader = Reader({name: request.GET.get(name, "").replace("\0", "")}, "person-field")
    return reader.day(name) or request.visitor.at.date()


@page("people.view")
def overview(request: PageRequest) -> HttpResponse:
    """List people as they are on a day, with what nobody has done or decided."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    day = asked_day(request, "on")
    chosen = {
        name: request.GET.get(name, "")[:200].replace("\0", "")
        for name in ("state", "kind", "department", "q")
    }
    found = people_like(
        organization,
        day,
        state=chosen["state"] or "there",
        kind=chosen["kind"],
        department=chosen["department"],
        text=chosen["q"],
    )
    rows = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": rows,
        "lines": [Held.of(row) for row in rows],
        "count": rows.paginator.count,
        "there": people_on(organization, today).count(),
        "is_empty": not rows.paginator.count and not people(organization).exists(),
        "late": late_steps(organization, today).filter(state="open").count(),
        "unchecked": unchecked(organization, today).count(),
        "astray": reporting_to_leavers(organization, today).count(),
        "chosen": chosen,
        "day": day,
        "today": today,
        "states": STATES,
        "kinds": list(Kind),
        "departments": departments(organization),
    }
    return render(request, "web/people/list.html", context)


@page("people.view")
def person(request: PageRequest, number: int) -> HttpResponse:
    """Show everything about one person."""
    visitor = request.visitor
    organization, today = visitor.organization, visitor.at.date()
    row = found_person(request, number)
    postings = postings_of(row)
    context = {
        "person": row,
        "now": _on(postings, min(row.ended_on or today, max(today, row.started_on))),
        "postings": postings,
        "is_there": row.started_on <= today and (row.ended_on is None or today <= row.ended_on),
        "is_to_come": row.started_on > today,
        "others": _others(row),
        "checklists": _checklists(row, today),
        "not_begun": not_begun(row) if visitor.may("people.edit") else [],
        "trainings": trainings(organization).filter(person=row),
        "lacks": [
            (each, each.is_late(today)) for each in lacking(organization, today, only=[number])
        ],
        "checks": checks(organization).filter(person=row),
        "changes": [
            shown(each)
            for each in changes(organization.log, subject=f"person {number}")[:_MOST_CHANGES]
        ],
        "today": today,
    }
    return render(request, "web/people/person.html", context)


def _on(postings: list[Posting], day: date) -> Posting | None:
    stands = [each for each in postings if not each.withdrawn and each.from_day <= day]
    return next((each for each in stands if each.until is None or day <= each.until), None)


def _others(row: Person) -> list[Person]:
    """Return the same address at other times: somebody who came back."""
    if not row.email:
        return []
    same = Person.objects.filter(organization=row.organization, email=row.email)
    return list(same.exclude(pk=row.pk).order_by("started_on"))


def _checklists(row: Person, today: date) -> list[StartedLines]:
    rows = row.checklists.select_related("text").order_by("event_on", "pk")
    found: dict[int, list[StepLine]] = {}
    for step in steps(row.organization).filter(checklist__person=row).order_by("place"):
        found.setdefault(step.checklist_id, []).append(step_line(step, today))
    return [StartedLines(each, tuple(found.get(each.pk, ()))) for each in rows]


@page("people.view")
def step_list(request: PageRequest) -> HttpResponse:
    """List steps of every event: those that are open, or that are or were late."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    state = request.GET.get("state", "")
    found = {
        "late": late_steps(organization, today),
        "all": steps(organization),
        "access": late_steps(organization, today).filter(removes_access=True),
    }.get(state, open_steps(organization))
    rows = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": rows,
        "lines": [step_line(each, today) for each in rows],
        "count": rows.paginator.count,
        "state": state,
    }
    return render(request, "web/people/steps.html", context)


urlpatterns = [
    path("", overview, name="people"),
    path("<int:number>/", person, name="person"),
    path("steps/", step_list, name="person_steps"),
]
