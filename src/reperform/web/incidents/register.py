"""The register: its list, its file for the auditor, and the statement that there was nothing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.program.actions.incident_rows import IncidentRefusedError
from reperform.program.actions.incidents import state_no_incidents
from reperform.program.incidents import State
from reperform.program.incidents.library import incident_library
from reperform.program.incidents.population import chosen_days, read_none
from reperform.program.queries import current_scope
from reperform.program.queries import incidents as queries
from reperform.program.queries.incident_notices import late_notices
from reperform.program.queries.incidents import (
    contradicting,
    count_incidents,
    incidents_like,
    statements,
)
from reperform.program.queries.registers import period_of
from reperform.report.incident_sheets import KINDS, population_file
from reperform.web.asked import form_fields, named, sent
from reperform.web.incidents.forms import NONE
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_FILTERS = ("state", "severity", "exercise", "first", "last", "q")
_STATES = ("open", *(state.value for state in State))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


@page("incidents.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the incidents, the latest first, below what asks for something."""
    visitor = request.visitor
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in _FILTERS}
    exercise = {"only": True, "without": False}.get(chosen["exercise"])
    found = incidents_like(
        visitor.organization,
        state=chosen["state"] if chosen["state"] in _STATES else "",
        severity=chosen["severity"],
        exercise=exercise,
        first=_day(chosen["first"]),
        last=_day(chosen["last"]),
        words=chosen["q"].strip(),
    )
    levels = incident_library().levels
    late = late_notices(visitor.organization, now=visitor.at)
    context = {
        "page": Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "counts": count_incidents(visitor.organization),
        "late": late[:_ON_A_PAGE],
        "late_count": late.count(),
        "levels": levels,
        "titles": {each.id: each.title for each in levels},
        "states": _STATES,
        "period": period_of(current_scope(visitor.organization).document),
    }
    return render(request, "web/incidents/list.html", context)


@page("incidents.view")
def population(request: PageRequest, kind: str) -> HttpResponse:
    """Send the incidents of a period as a file: of the scope's, or of the days that are asked."""
    if kind not in KINDS:
        raise Http404
    visitor = request.visitor
    scope = period_of(current_scope(visitor.organization).document)
    days = chosen_days(
        _day(request.GET.get("first", "")), _day(request.GET.get("last", "")), otherwise=scope
    )
    rows = queries.population(visitor.organization, days)
    made, name = population_file(
        rows,
        days,
        kind=kind,
        organization=visitor.organization.name,
        at=visitor.at,
        is_example=visitor.organization.is_example,
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made, content_type=KINDS[kind], headers=headers)


@page("incidents.view", post="incidents.edit")
def none(request: PageRequest) -> HttpResponse:
    """Show the statements that there was nothing; make one."""
    visitor = request.visitor
    if request.method != "POST":
        scope = period_of(current_scope(visitor.organization).document)
        today = visitor.at.date()
        first = scope.first if scope else today
        last = min(scope.last, today) if scope else today
        return _none(request, {"first": first, "last": last})
    said = sent(request, NONE)
    fields, problems = read_none(said, today=visitor.at.date())
    if not problems:
        try:
            state_no_incidents(
                organization=visitor.organization,
                first=fields.first,
                last=fields.last,
                basis=fields.basis,
                by=visitor.name,
                at=visitor.at,
            )
        except IncidentRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, "It is stated, with your name and the time.")
            return redirect("incidents_none", organization=visitor.organization.slug)
    return _none(request, said, problems)


def _none(
    request: PageRequest, said: dict[str, Any], problems: list[Problem] | None = None
) -> HttpResponse:
    organization = request.visitor.organization
    shown = list(statements(organization)[:_ON_A_PAGE])
    wrong = contradicting(organization, shown)
    context = {
        "fields": form_fields(NONE, said, problems or ()),
        "problems": named(problems or (), NONE),
        "statements": [(each, wrong.get(each.number, ())) for each in shown],
    }
    status = 422 if problems else 200
    return render(request, "web/incidents/none.html", context, status=status)
