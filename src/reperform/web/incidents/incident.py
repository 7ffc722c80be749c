"""One incident: its whole story on a page, and the form that changes what the register says."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.ledger.queries import changes, shown
from reperform.program.actions.incident_rows import IncidentRefusedError, subject
from reperform.program.actions.incidents import change_incident, make_incident
from reperform.program.incidents import (
    IncidentFields,
    State,
    incident_content,
    read_incident,
    reference,
)
from reperform.program.incidents.closing import lacking_to_close, targets
from reperform.program.incidents.library import incident_library
from reperform.program.models import Incident
from reperform.program.queries.incident_notices import duty_lines
from reperform.program.queries.incidents import incident_fields, incident_row, timeline
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.incidents.forms import ENTRY, incident_asked
from reperform.web.page import PageRequest, page

_CHANGES = 30
_TIMES = (
    ("Began", "began_at"),
    ("Noticed", "noticed_at"),
    ("Reported", "reported_at"),
    ("Confirmed", "confirmed_at"),
    ("Contained", "contained_at"),
    ("Resolved", "resolved_at"),
)


def found_incident(request: PageRequest, number: int) -> Incident:
    """Return an incident of the visitor's organization.

    Raises:
        Http404: it has none of that number.
    """
    row = incident_row(request.visitor.organization, number) if number < 10**9 else None
    if row is None:
        raise Http404
    return row


@page("incidents.view")
def incident(request: PageRequest, number: int) -> HttpResponse:
    """Tell the whole story of an incident."""
    return show(request, found_incident(request, number))


def show(
    request: PageRequest,
    row: Incident,
    *,
    entry: Mapping[str, Any] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    """Show the page of an incident; `entry` is what somebody wrote for the timeline in vain."""
    visitor, fields = request.visitor, incident_fields(row)
    level = incident_library().level(row.severity)
    duties = duty_lines(row, incident_library().duties, now=visitor.at)
    problems = more.pop("entry_problems", ())
    is_open = not fields.state.is_final
    context = {
        "incident": row,
        "reference": reference(row.number),
        "fields": fields,
        "level": level,
        "times": [(label, getattr(row, name)) for label, name in _TIMES],
        "targets": targets(fields, level, now=visitor.at),
        "duties": duties,
        "undecided": sum(each.version == 0 for each in duties),
        "lacking": lacking_to_close(fields, [d.standing for d in duties]) if is_open else [],
        "timeline": timeline(row),
        "entry_fields": form_fields(ENTRY, entry or {}, problems),
        "problems": named(problems, ENTRY),
        "tasks": row.tasks.select_related("owner__user").order_by("number"),
        **_history(request, row.number),
        **more,
    }
    status = 422 if problems or "refusal" in more else 200
    return render(request, "web/incidents/incident.html", context, status=status)


def _history(request: PageRequest, number: int) -> dict[str, Any]:
    if not request.visitor.may("trail.view"):
        return {"changes": [], "subject": ""}
    about = subject(number)
    found = changes(request.visitor.organization.log, subject=about)[:_CHANGES]
    return {"changes": [shown(each) for each in found], "subject": about}


@page("incidents.edit", post="incidents.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter an incident or an exercise into the register."""
    visitor = request.visitor
    asked = incident_asked(visitor.organization, is_new=True)
    if request.method != "POST":
        said = {"is_exercise": "yes" if request.GET.get("exercise") else ""}
        return _form(request, asked, said)
    said = sent(request, asked)
    fields, problems = read_incident(said, severities=incident_library().severities, at=visitor.at)
    if not problems:
        try:
            made = make_incident(
                organization=visitor.organization, fields=fields, by=visitor.name, at=visitor.at
            )
        except IncidentRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            messages.success(request, f"{reference(made.number)} is in the register.")
            return redirect("incident", organization=visitor.organization.slug, number=made.number)
    return _form(request, asked, said, problems=problems)


@page("incidents.edit", post="incidents.edit")
def edit(request: PageRequest, number: int) -> HttpResponse:
    """Change what the register says of an incident, its state too."""
    visitor, row = request.visitor, found_incident(request, number)
    asked = incident_asked(visitor.organization, is_new=False)
    before = incident_content(incident_fields(row))
    if request.method != "POST":
        said, proposed = before, request.GET.get("state", "")
        if proposed in [state.value for state in State]:
            said = said | {"state": proposed}
        return _form(request, asked, said, row=row, seen=row.version)
    said, seen = sent(request, asked), seen_version(request)
    fields, problems = _read(request, said, row)
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_incident(
                organization=visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=visitor.name,
                at=visitor.at,
            )
        except IncidentRefusedError as refusal:
            problems = list(refusal.problems)
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(asked, before)}, stale.current
        else:
            messages.success(request, f"{reference(number)}: saved.")
            return redirect("incident", organization=visitor.organization.slug, number=number)
    return _form(request, asked, said, row=row, seen=seen, problems=problems, **more)


def _read(
    request: PageRequest, said: Mapping[str, Any], row: Incident
) -> tuple[IncidentFields, list[Problem]]:
    """Read what was sent; a level that the table has no longer may stay as it is."""
    severities = (*incident_library().severities, *filter(None, [row.severity]))
    content = {**said, "is_exercise": row.is_exercise}
    return read_incident(content, severities=severities, at=request.visitor.at)


def _form(
    request: PageRequest,
    asked: tuple[Asked, ...],
    said: Mapping[str, Any],
    *,
    row: Incident | None = None,
    seen: int = 0,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "incident": row,
        "reference": reference(row.number) if row else "",
        "fields": form_fields(asked, said, problems or ()),
        "problems": named(problems or (), asked),
        "seen": seen,
        "levels": incident_library().levels,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/incidents/form.html", context, status=status)
