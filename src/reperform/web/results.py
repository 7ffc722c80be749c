"""Results: examinations that were run, test by test, with everything it takes to check them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path

from reperform.audit import queries
from reperform.audit.models import ExaminationRecord
from reperform.audit.outputs import OUTPUTS
from reperform.audit.pinned import departures
from reperform.audit.waived_shown import exceptions_shown, waived_counts, waivers_of
from reperform.program.queries import scope_version
from reperform.web import results_asked as asked
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page
from reperform.web.populations import population, population_rows, stories
from reperform.web.systems import systems

_PAGE = 50


@page("results.view")
def examination(request: PageRequest, number: int) -> HttpResponse:
    """Show one examination: tests by conclusion, what was not seen, and the outputs."""
    found = _found(request, number)
    chosen = request.GET.get("conclusion", "")
    waived, lacking = waived_counts(found.results), found.results.get("lacking", ())
    tests = [
        {**test, "waived": waived.get(test["id"], 0)}
        for test in found.results["tests"]
        if chosen in ("", test["conclusion"])
    ]
    return render(
        request,
        "web/examination.html",
        {
            "examination": found,
            "tests": tests,
            "chosen": chosen,
            "conclusions": found.summary.get("tests", {}),
            "not_seen": [
                each for each in found.results["collections"] if each["outcome"] != "complete"
            ],
            "lacking": [each for each in lacking if not each.get("retired_on")],
            "retired": [each for each in lacking if each.get("retired_on")],
            "waivers": found.results.get("waivers", ()),
            "reconciliations": found.results.get("reconciliations", ()),
            "stories": stories(found).values(),
            "outputs": OUTPUTS,
            **_pinned(request, found),
        },
    )


def _pinned(request: PageRequest, found: ExaminationRecord) -> dict[str, Any]:
    organization, number = request.visitor.organization, found.scope_number
    scope = scope_version(organization, number) if number else None
    return {
        "pinned_scope": scope,
        "departures": departures(found.results, scope.document) if scope else (),
        "library": found.results.get("library_sha256", ""),
        "is_current_library": found.results.get("library_sha256") == catalog().digest,
    }


@page("results.view")
def test(request: PageRequest, number: int, test_id: str) -> HttpResponse:
    """Show one test of a control: population, conclusion, and every item that did not pass."""
    found = _found(request, number)
    chosen: dict[str, Any] | None = next(
        (each for each in found.tests_and_reconciliations if each["id"] == test_id), None
    )
    if chosen is None:
        raise Http404
    control = next(
        (each for each in found.results["controls"] if each["id"] == chosen["control"]), None
    )
    shown = exceptions_shown(found.results, chosen)
    context = {
        "examination": found,
        "test": chosen,
        "control": control,
        "exceptions": Paginator(shown, _PAGE).get_page(request.GET.get("page")),
        "waivers": waivers_of(found.results, test_id),
    }
    return render(request, "web/test.html", context)


@page("results.view")
def output(request: PageRequest, number: int, name: str) -> HttpResponseBase:
    """Hand out one output, byte for byte, as a download."""
    found = _found(request, number)
    if name not in OUTPUTS:
        raise Http404
    file = queries.output_path(found, name)
    if not file.is_file():
        raise Http404
    return FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=f"{request.visitor.organization.slug}-{number}-{name}",
        content_type=OUTPUTS[name],
    )


def _found(request: PageRequest, number: int) -> ExaminationRecord:
    found = queries.examination(request.visitor.organization, number)
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("", asked.results, name="results"),
    path("schedule/", asked.schedule, name="results_schedule"),
    path("schedule/pause/", asked.pause, name="results_pause"),
    path("systems/", systems, name="systems"),
    path("<int:number>/", examination, name="examination"),
    path("<int:number>/tests/<str:test_id>/", test, name="examination_test"),
    path("<int:number>/populations/<str:table>/", population, name="examination_population"),
    path(
        "<int:number>/populations/<str:table>/rows.csv",
        population_rows,
        name="examination_population_rows",
    ),
    path("<int:number>/files/<str:name>", output, name="examination_output"),
]
