"""Tests of controls over time: what each said in every examination and every run of its own."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse

from reperform.audit.models import OutcomeRecord
from reperform.audit.queries import latest_outcomes, outcomes, told
from reperform.evidence.actions.jobs import ask_job
from reperform.evidence.job import JobKind, run_of
from reperform.evidence.models import JobSchedule
from reperform.evidence.queries.jobs import health_of_workers, jobs, schedule_of, schedules
from reperform.evidence.schedule import Every, Schedule
from reperform.ledger.queries import changes, shown
from reperform.program.models import AdoptedControl
from reperform.testing.installed import installed_tests
from reperform.testing.procedure import Procedure
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page
from reperform.web.scheduling import Scheduled, pause_form, said_of, schedule_form

_ON_A_PAGE = 50
_JOBS = 10
_CHANGES = 10
_STRIP = 30
_USUAL = {
    "daily": Every.DAY,
    "weekly": Every.WEEK,
    "continuous": Every.DAY,
}


@dataclass(frozen=True, slots=True)
class Line:
    """A test as a list shows it."""

    test: Procedure
    outcome: OutcomeRecord | None
    schedule: JobSchedule | None
    when: str


@page("results.view")
def tests(request: PageRequest) -> HttpResponse:
    """List the tests of the controls that were adopted, with when each runs and what it last said.

    While no control was adopted, those of the whole library.
    """
    organization = request.visitor.organization
    rows = AdoptedControl.objects.filter(organization=organization, retired_on=None)
    adopted = set(rows.values_list("library_id", flat=True))
    newest = latest_outcomes(organization)
    planned = {each.subject: each for each in schedules(organization, JobKind.TEST)}
    every = [
        each
        for control, found in sorted(installed_tests().items())
        if control in adopted or not adopted
        for each in found.automatic
    ]
    chosen = request.GET.get("when", "")
    lines = [
        Line(each, newest.get(each.id), row, said_of(row))
        for each in every
        for row in (planned.get(run_of(each.id).subject),)
        if chosen in ("", "planned" if row else "unplanned")
    ]
    context = {
        "page": Paginator(lines, _ON_A_PAGE).get_page(request.GET.get("page")),
        "chosen": chosen,
        "counts": {"tests": len(every), "planned": len(planned)},
    }
    return render(request, "web/tests/tests.html", context)


@page("results.view", post="results.edit")
def story(request: PageRequest, test_id: str) -> HttpResponse:
    """Show one test: what it said over time, and when it runs; a POST has it run now."""
    found, organization = _found(test_id), request.visitor.organization
    work = run_of(found.id)
    if request.method == "POST":
        at = request.visitor.at
        job = ask_job(organization=organization, work=work, by=request.visitor.name, at=at)
        messages.success(request, f"Job {job.number} is {job.state}: a worker runs the test.")
        return redirect("control_test", organization=organization.slug, test_id=found.id)
    schedule = schedule_of(organization, work)
    every = outcomes(organization, test=found.id)
    asked = list(told(jobs(organization, subject=work.subject))[:_JOBS])
    trail = (
        changes(organization.log, subject=work.subject)[:_CHANGES]
        if request.visitor.may("trail.view")
        else ()
    )
    newest = every.defer(None).first()
    context = {
        "test": found,
        "page": Paginator(every, _ON_A_PAGE).get_page(request.GET.get("page")),
        "strip": list(reversed(every[:_STRIP])),
        "newest": newest,
        "schedule": schedule,
        "schedule_said": said_of(schedule),
        "jobs": asked,
        "health": health_of_workers(at=request.visitor.at),
        "is_open": any(job.ended_at is None for job in asked),
        "changes": [shown(each) for each in trail],
        "subject": work.subject,
    }
    return render(request, "web/tests/test.html", context)


@page("results.edit", post="results.edit")
def schedule(request: PageRequest, test_id: str) -> HttpResponse:
    """Say when a test runs by itself."""
    return schedule_form(request, _of(request, test_id))


@page("results.edit", post="results.edit")
def pause(request: PageRequest, test_id: str) -> HttpResponse:
    """Run a test no more by itself for now."""
    return pause_form(request, _of(request, test_id))


def _of(request: PageRequest, test: str) -> Scheduled:
    found, slug = _found(test), request.visitor.organization.slug
    control = next((each for each in catalog().controls if each.id == found.control), None)
    every = _USUAL.get(control.frequency if control else "", Every.MONTH)
    return Scheduled(
        run_of(found.id),
        found.id,
        reverse("control_test", args=(slug, found.id)),
        (reverse("control_tests", args=(slug,)), "Tests"),
        Schedule(every, hour=6),
    )


def _found(test: str) -> Procedure:
    for tests_of in installed_tests().values():
        for each in tests_of.automatic:
            if each.id == test:
                return each
    raise Http404


urlpatterns = [
    path("tests/", tests, name="control_tests"),
    path("tests/<str:test_id>/", story, name="control_test"),
    path("tests/<str:test_id>/schedule/", schedule, name="control_test_schedule"),
    path("tests/<str:test_id>/schedule/pause/", pause, name="control_test_pause"),
]
