"""Reporting an incident: anybody may, and sees what became of their reports."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.base.problem import Problem
from reperform.base.reader import moment_text
from reperform.program.actions.incidents import report_incident
from reperform.program.incidents import reference
from reperform.program.incidents.reports import read_report
from reperform.program.queries.incidents import own_reports
from reperform.web.asked import form_fields, named, sent
from reperform.web.incidents.forms import REPORT
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50


@page("incidents.report", post="incidents.report")
def report(request: PageRequest) -> HttpResponse:
    """Ask what happened; list what the visitor reported before."""
    visitor = request.visitor
    if request.method != "POST":
        return _form(request, {"noticed_at": moment_text(visitor.at.replace(second=0))})
    said = sent(request, REPORT)
    found, problems = read_report(said, at=visitor.at)
    if problems:
        return _form(request, said, problems)
    made = report_incident(member=visitor.membership, report=found, by=visitor.name, at=visitor.at)
    messages.success(
        request, f"Thank you. Your report is {reference(made.number)}: somebody looks at it."
    )
    return redirect("incident_report", organization=visitor.organization.slug)


def _form(
    request: PageRequest, said: dict[str, Any], problems: list[Problem] | None = None
) -> HttpResponse:
    own = own_reports(request.visitor.membership)
    context = {
        "fields": form_fields(REPORT, said, problems or ()),
        "problems": named(problems or (), REPORT),
        "own": Paginator(own, _ON_A_PAGE).get_page(request.GET.get("page")),
    }
    status = 422 if problems else 200
    return render(request, "web/incidents/report.html", context, status=status)
