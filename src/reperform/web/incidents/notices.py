"""Whom to notify: decided for each incident, from a table and the organization's own terms."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.incident_notices import decide_duty, dismiss_duties
from reperform.program.actions.incident_rows import IncidentRefusedError
from reperform.program.incidents import reference
from reperform.program.incidents.duties import duty_content, read_duty
from reperform.program.incidents.library import incident_library
from reperform.program.models import Incident
from reperform.program.queries.incident_notices import DutyLine, duty_lines
from reperform.program.queries.incidents import timeline
from reperform.web.asked import Asked, form_fields, lines, named, seen_version, sent
from reperform.web.incidents.forms import DUTY, proof_choices
from reperform.web.incidents.incident import found_incident, show
from reperform.web.page import PageRequest, page


@page("incidents.view", post="incidents.edit")
def duty(request: PageRequest, number: int, duty: str) -> HttpResponse:
    """Show what a duty says; decide whether it applies, or say that it was done."""
    visitor, row = request.visitor, found_incident(request, number)
    every = duty_lines(row, incident_library().duties, now=visitor.at)
    line = next((each for each in every if each.duty.key == duty), None)
    if line is None:
        raise Http404
    asked = _asked(row)
    before = duty_content(line.fields)
    if request.method != "POST":
        return _form(request, row, line, asked, before, seen=line.version)
    said, seen = sent(request, asked), seen_version(request)
    fields, problems = read_duty(said, at=visitor.at)
    more: dict[str, Any] = {}
    if not problems:
        try:
            decide_duty(
                organization=visitor.organization,
                number=number,
                duty=duty,
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
            messages.success(request, f"{line.duty.title}: saved.")
            return redirect("incident", organization=visitor.organization.slug, number=number)
    return _form(request, row, line, asked, said, seen=seen, problems=problems, **more)


def _asked(row: Incident) -> tuple[Asked, ...]:
    """Return the fields; files of the timeline are the proofs to choose from."""
    files = [(each.proof.number, each.proof.name) for each in timeline(row) if each.proof]
    *others, proof = DUTY
    return (
        *others,
        Asked(proof.name, proof.label, proof.kind, proof.help, choices=proof_choices(files)),
    )


def _form(
    request: PageRequest,
    row: Incident,
    line: DutyLine,
    asked: tuple[Asked, ...],
    said: Mapping[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "incident": row,
        "reference": reference(row.number),
        "line": line,
        "fields": form_fields(asked, said, problems or ()),
        "problems": named(problems or (), asked),
        "facts": lines(asked, duty_content(line.fields)),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/incidents/duty.html", context, status=status)


@page("incidents.view", post="incidents.edit")
def dismiss(request: PageRequest, number: int) -> HttpResponse:
    """Decide that none of the duties applies that nobody decided, for one reason."""
    visitor, row = request.visitor, found_incident(request, number)
    slug = visitor.organization.slug
    if request.method != "POST":
        return redirect("incident", organization=slug, number=number)
    try:
        decided = dismiss_duties(
            organization=visitor.organization,
            number=number,
            reason=request.POST.get("reason", ""),
            by=visitor.name,
            at=visitor.at,
        )
    except IncidentRefusedError as refusal:
        return show(request, row, refusal=refusal)
    messages.success(request, f"{len(decided)} decided: they do not apply.")
    return redirect("incident", organization=slug, number=number)
