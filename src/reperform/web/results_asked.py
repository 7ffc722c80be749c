"""The list of examinations: what was kept, and what a worker is asked for, now or by itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from reperform.audit import queries
from reperform.audit.asked import asked_scope
from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.base.refusal import RefusalError
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.job import EXAMINATIONS, examination_of
from reperform.evidence.queries.connections import connection_rows
from reperform.evidence.queries.jobs import health_of_workers, jobs, schedule_of
from reperform.evidence.schedule import Every, Schedule
from reperform.program.queries import current_scope
from reperform.web.asked import Asked, form_fields, named, sent
from reperform.web.page import PageRequest, page
from reperform.web.scheduling import Scheduled, pause_form, said_of, schedule_form

_PAGE = 50
_JOBS = 5
_DAYS = (
    Asked("first", "First day", "day", help="Empty: the first day of the scope's period."),
    Asked(
        "last",
        "Last day",
        "day",
        help="Empty: the last day of the scope's period, or yesterday while it goes on.",
    ),
)


@page("results.view", post="results.edit")
def results(request: PageRequest) -> HttpResponse:
    """List the examinations, newest first; a POST asks a worker for one."""
    said = sent(request, _DAYS)
    if request.method != "POST":
        return _listed(request, said)
    organization, reader = request.visitor.organization, Reader(said, "period")
    first, last = reader.day("first"), reader.day("last")
    if reader.problems:
        return _listed(request, said, problems=reader.problems)
    at = request.visitor.at
    try:
        asked_scope(current_scope(organization).document, first=first, last=last, today=at.date())
    except RefusalError as refusal:
        return _listed(request, said, refusal=refusal)
    work = examination_of(first, last)
    job = ask_job(organization=organization, work=work, by=request.visitor.name, at=at)
    messages.success(request, f"Job {job.number} is {job.state}: a worker examines.")
    return redirect("results", organization=organization.slug)


def _listed(
    request: PageRequest,
    said: Mapping[str, Any],
    *,
    problems: Sequence[Problem] = (),
    refusal: RefusalError | None = None,
) -> HttpResponse:
    organization = request.visitor.organization
    every = queries.examinations(organization)
    schedule = schedule_of(organization, examination_of())
    asked = list(queries.told(jobs(organization, subject=EXAMINATIONS))[:_JOBS])
    context = {
        "examinations": Paginator(every, _PAGE).get_page(request.GET.get("page")),
        "fields": form_fields(_DAYS, said, problems),
        "problems": named(problems, _DAYS),
        "refusal": refusal,
        "connections": connection_rows(organization).filter(retired_on=None).count(),
        "jobs": asked,
        "is_open": any(job.ended_at is None for job in asked),
        "health": health_of_workers(at=request.visitor.at),
        "schedule": schedule,
        "schedule_said": said_of(schedule),
    }
    status = 422 if problems or refusal else 200
    return render(request, "web/results.html", context, status=status)


@page("results.edit", post="results.edit")
def schedule(request: PageRequest) -> HttpResponse:
    """Say when the days of the scope are examined by themselves."""
    return schedule_form(request, _of(request))


@page("results.edit", post="results.edit")
def pause(request: PageRequest) -> HttpResponse:
    """Examine no more by itself for now."""
    return pause_form(request, _of(request))


def _of(request: PageRequest) -> Scheduled:
    back = reverse("results", args=(request.visitor.organization.slug,))
    usual = Schedule(Every.WEEK, hour=5)
    return Scheduled(examination_of(), "Examine", back, (back, "Results"), usual)
