"""Lists that go out: the register on a day, and everybody who joined, left or moved in a period."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.base.period import Period
from reperform.base.reader import Reader
from reperform.ledger.queries import size
from reperform.program.people.populations import Member, Population, stated
from reperform.program.queries import current_scope
from reperform.program.queries.people import Held, people, people_like
from reperform.program.queries.populations import population
from reperform.report.people_sheets import (
    KINDS,
    PEOPLE,
    list_file,
    population_columns,
    population_rows,
)
from reperform.report.sheets import SheetColumn, Value
from reperform.web.page import PageRequest, page
from reperform.web.people.register import STATES, asked_day

_YEAR = 365
_LONGEST = 1_830
"""Days: five years and a few."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A population as the page shows it."""

    which: Population
    said: str
    members: tuple[Member, ...]


def asked_period(request: PageRequest) -> tuple[Period, str]:
    """Return the period that the address names, else that of the scope, else the last year.

    Returns:
        The period, and what was wrong with the one that was asked for; empty when nothing was.
    """
    today = request.visitor.at.date()
    said = {name: request.GET.get(name, "").replace("\0", "") for name in ("first", "last")}
    reader = Reader(said, "person-field")
    first, last = reader.day("first"), reader.day("last")
    if first and last and first <= last and (last - first).days < _LONGEST:
        return Period(first, last), ""
    wrong = "The two days name no period of at most five years." if any(said.values()) else ""
    scope = current_scope(request.visitor.organization).document
    if scope.first and scope.last:
        return Period(scope.first, scope.last), wrong
    return Period(date.fromordinal(today.toordinal() - _YEAR + 1), today), wrong


@page("people.view")
def populations(request: PageRequest) -> HttpResponse:
    """Show the populations of a period."""
    organization = request.visitor.organization
    period, wrong = asked_period(request)
    found = []
    for which in Population:
        members = population(organization, which, period)
        found.append(Shown(which, stated(which, period, len(members)), tuple(members)))
    context = {
        "period": period,
        "wrong": wrong,
        "found": found,
        "is_open": period.last >= request.visitor.at.date(),
        "is_empty": not people(organization).exists(),
        "today": request.visitor.at.date(),
    }
    return render(request, "web/people/populations.html", context)


@page("people.view")
def population_file(request: PageRequest, name: str, kind: str) -> HttpResponse:
    """Send a population as a file."""
    if name not in [each.value for each in Population] or kind not in KINDS:
        raise Http404
    which, (period, _) = Population(name), asked_period(request)
    members = population(request.visitor.organization, which, period)
    return _sent(
        request,
        kind,
        f"{name}-{period.first}-{period.last}",
        population_columns(which),
        population_rows(which, members),
        said=stated(which, period, len(members)),
    )


@page("people.view")
def people_file(request: PageRequest, kind: str) -> HttpResponse:
    """Send the people that the list shows as a file, all of them."""
    if kind not in KINDS:
        raise Http404
    day, states = asked_day(request, "on"), dict(STATES)
    chosen = {
        name: request.GET.get(name, "")[:200].replace("\0", "")
        for name in ("state", "kind", "department", "q")
    }
    state = chosen["state"] or "there"
    found = [
        Held.of(row)
        for row in people_like(
            request.visitor.organization,
            day,
            state=state,
            kind=chosen["kind"],
            department=chosen["department"],
            text=chosen["q"],
        )
    ]
    only = ", ".join(chosen[name] for name in ("kind", "department", "q") if chosen[name])
    many = f"{len(found)} in all" if found else "none, the list is empty"
    what = (
        f"people ({states.get(state, 'everybody')}{f'; {only}' if only else ''}) on {day}: {many}"
    )
    rows: list[tuple[Value, ...]] = [
        (
            *(each.person.number, each.person.name, each.person.email),
            *(each.kind, each.position, each.department, each.manager_name),
            *(each.person.started_on, each.person.ended_on),
        )
        for each in found
    ]
    return _sent(request, kind, f"people-{day}", PEOPLE, rows, said=what)


def _sent(
    request: PageRequest,
    kind: str,
    name: str,
    columns: tuple[SheetColumn, ...],
    rows: list[tuple[Value, ...]],
    *,
    said: str,
) -> HttpResponse:
    visitor = request.visitor
    facts: dict[str, str | int] = {
        "Source": f"Register of people of {visitor.organization.name}",
        "Made": f"{visitor.at:%Y-%m-%d %H:%M} UTC by {visitor.name}",
        "Entries of the trail": size(visitor.organization.log),
    }
    is_example = visitor.organization.is_example
    content = list_file(
        kind, columns, rows, said=said, facts=facts, at=visitor.at, is_example=is_example
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return HttpResponse(content, content_type=KINDS[kind], headers=headers)


urlpatterns = [
    path("populations/", populations, name="populations"),
    path("populations/<str:name>.<str:kind>/", population_file, name="population_file"),
    path("list.<str:kind>/", people_file, name="people_file"),
]
