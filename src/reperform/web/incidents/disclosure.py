"""DC 4 from the register: a proposal beside what the description says, put in by one press."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.base.text_difference import compare
from reperform.program.actions.description import write_field
from reperform.program.description import read_text
from reperform.program.incidents.disclosure import FIELD_NAME, disclose
from reperform.program.queries import current_scope, field_versions
from reperform.program.queries.incidents import known_incidents
from reperform.program.queries.registers import period_of
from reperform.web.asked import seen_version
from reperform.web.page import PageRequest, page


@page("incidents.view", post="description.edit")
def dc4(request: PageRequest) -> HttpResponse:
    """Show what DC 4 would say of the period's incidents; put it into the description."""
    visitor = request.visitor
    if request.method != "POST":
        return _shown(request)
    text, problems = read_text(request.POST.get("text"), where="The text")
    if problems:
        return _shown(request, said=request.POST.get("text", ""), problems=problems)
    try:
        write_field(
            organization=visitor.organization,
            field=FIELD_NAME,
            text=text,
            seen=seen_version(request),
            by=visitor.name,
            at=visitor.at,
        )
    except StaleVersionError as stale:
        return _shown(request, said=text, stale=stale)
    messages.success(request, "DC 4 of the description says it now.")
    return redirect("incidents_dc4", organization=visitor.organization.slug)


def _shown(
    request: PageRequest,
    *,
    said: str | None = None,
    problems: list[Problem] | None = None,
    stale: StaleVersionError | None = None,
) -> HttpResponse:
    organization = request.visitor.organization
    period = period_of(current_scope(organization).document)
    found = disclose(known_incidents(organization, period))
    version = field_versions(organization, FIELD_NAME).first()
    there = version.text if version else ""
    text = found.text if said is None else said
    context = {
        "period": period,
        "found": found,
        "version": version,
        "text": text,
        "is_same": text == there,
        "difference": compare(there, text) if there and text != there else [],
        "seen": version.number if version else 0,
        "problems": [("", each) for each in problems or ()],
        "stale": stale,
        "theirs": [("DC 4", there)],
    }
    status = 409 if stale else 422 if problems else 200
    return render(request, "web/incidents/dc4.html", context, status=status)
