"""The terms of notices: which duties of the table concern the organization, and its own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.incident_notices import change_term, make_term
from reperform.program.actions.incident_rows import IncidentRefusedError
from reperform.program.incidents.duties import TermFields, read_term, term_content
from reperform.program.incidents.library import incident_library
from reperform.program.models import NotificationTerm
from reperform.program.queries.incident_notices import term_fields, term_row, terms
from reperform.web.asked import form_fields, lines, named, seen_version, sent
from reperform.web.incidents.forms import TERM
from reperform.web.page import PageRequest, page


@page("incidents.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the table's duties with what was decided of each, and the organization's own."""
    rows = list(terms(request.visitor.organization))
    decided = {row.duty: row for row in rows if row.duty}
    context = {
        "table": [(each, decided.get(each.key)) for each in incident_library().duties],
        "own": [row for row in rows if not row.duty],
    }
    return render(request, "web/incidents/terms.html", context)


@page("incidents.edit", post="incidents.edit")
def new(request: PageRequest) -> HttpResponse:
    """Enter a term of one's own, or decide on a duty of the table."""
    visitor = request.visitor
    key = request.GET.get("duty", "")
    origin = next((each for each in incident_library().duties if each.key == key), None)
    duty = origin.key if origin else ""
    if request.method != "POST":
        said = asdict(origin) if origin else {}
        return _form(request, said | {"concerns": "yes"}, duty=duty)
    said = sent(request, TERM)
    fields, problems = read_term({**said, "duty": duty})
    if not problems:
        try:
            make_term(
                organization=visitor.organization, fields=fields, by=visitor.name, at=visitor.at
            )
        except IncidentRefusedError as refusal:
            problems = list(refusal.problems)
        else:
            return _saved(request, fields)
    return _form(request, said, duty=duty, problems=problems)


@page("incidents.view", post="incidents.edit")
def term(request: PageRequest, number: int) -> HttpResponse:
    """Show a term; change it."""
    visitor = request.visitor
    row = term_row(visitor.organization, number) if number < 10**9 else None
    if row is None:
        raise Http404
    before = term_content(term_fields(row))
    if request.method != "POST":
        return _form(request, before, duty=row.duty, row=row, seen=row.version)
    said, seen = sent(request, TERM), seen_version(request)
    fields, problems = read_term({**said, "duty": row.duty})
    more: dict[str, Any] = {}
    if not problems:
        try:
            change_term(
                organization=visitor.organization,
                number=number,
                fields=fields,
                seen=seen,
                by=visitor.name,
                at=visitor.at,
            )
        except StaleVersionError as stale:
            more, seen = {"stale": stale, "theirs": lines(TERM, before)}, stale.current
        else:
            return _saved(request, fields)
    return _form(request, said, duty=row.duty, row=row, seen=seen, problems=problems, **more)


def _saved(request: PageRequest, fields: TermFields) -> HttpResponse:
    messages.success(request, f"{fields.title}: saved.")
    return redirect("incident_terms", organization=request.visitor.organization.slug)


def _form(
    request: PageRequest,
    said: Mapping[str, Any],
    *,
    duty: str,
    row: NotificationTerm | None = None,
    seen: int = 0,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    context = {
        "term": row,
        "duty": duty,
        "fields": form_fields(TERM, said, problems or ()),
        "facts": lines(TERM, said),
        "problems": named(problems or (), TERM),
        "seen": seen,
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/incidents/term.html", context, status=status)
