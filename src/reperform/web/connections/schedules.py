"""When a connection is asked by itself, and every time that something was to be done."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from reperform.audit.queries import told
from reperform.evidence.job import MOST_ATTEMPTS, collection_of
from reperform.evidence.queries.jobs import attempts, health_of_workers
from reperform.evidence.queries.jobs import jobs as jobs_of
from reperform.web.connections.registry import found_connection
from reperform.web.page import PageRequest, page
from reperform.web.scheduling import Scheduled, pause_form, schedule_form

_ON_A_PAGE = 50


@page("connections.edit", post="connections.edit")
def schedule(request: PageRequest, number: int) -> HttpResponse:
    """Say when a connection is asked by itself."""
    return schedule_form(request, _of(request, number))


@page("connections.edit", post="connections.edit")
def pause(request: PageRequest, number: int) -> HttpResponse:
    """Ask a connection no more by itself for now."""
    return pause_form(request, _of(request, number))


def _of(request: PageRequest, number: int) -> Scheduled:
    row, slug = found_connection(request, number), request.visitor.organization.slug
    return Scheduled(
        collection_of(row.number),
        row.title,
        reverse("connection", args=(slug, row.number)),
        (reverse("connections", args=(slug,)), "Connections"),
    )


@page("connections.view")
def jobs(request: PageRequest) -> HttpResponse:
    """Show every time that something was to be done, newest first, the missed ones too."""
    found = Paginator(told(jobs_of(request.visitor.organization)), _ON_A_PAGE)
    health = health_of_workers(at=request.visitor.at)
    context = {"page": found.get_page(request.GET.get("page")), "health": health}
    return render(request, "web/connections/jobs.html", context)


@page("connections.view")
def job(request: PageRequest, number: int) -> HttpResponse:
    """Show one job: each attempt, why it did not do, and when it is tried again."""
    row = told(jobs_of(request.visitor.organization)).filter(number=number).first()
    if row is None:
        raise Http404
    context = {
        "job": row,
        "attempts": attempts(row),
        "most": MOST_ATTEMPTS,
        "health": health_of_workers(at=request.visitor.at),
    }
    return render(request, "web/jobs/job.html", context)
