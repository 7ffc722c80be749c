"""The gap analysis: each criterion in scope, what is missing, and on what that rests."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.audit.queries import gap_analysis, program_state
from reperform.program.gap import Readiness, Status
from reperform.program.gap.analysis import CriterionStanding, GapAnalysis
from reperform.program.gap.controls import Adopted
from reperform.program.gap.traces import Trace
from reperform.program.queries.assessments import Claim, claims
from reperform.program.queries.plan import tasks_about
from reperform.report.gap_files import GAP_FILES, gap_file
from reperform.web import assessments, readiness
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page


@dataclass(frozen=True, slots=True)
class CategoryCounts:
    """One line of the summary: a category and how many criteria have each status."""

    category: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ShownControl:
    """One control of a criterion's page."""

    adopted: Adopted
    readiness: Readiness
    traces: Sequence[Trace]


@page("gap.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show every criterion in scope with its status and what is missing."""
    analysis = gap_analysis(request.visitor.organization, catalog=catalog(), at=request.visitor.at)
    claimed: dict[str, list[Claim]] = {}
    for claim in claims(request.visitor.organization):
        claimed.setdefault(claim.criterion, []).append(claim)
    chosen = {name: request.GET.get(name, "") for name in ("status", "category")}
    return render(
        request,
        "web/gap.html",
        {
            "analysis": analysis,
            "statuses": list(Status),
            "files": GAP_FILES,
            "summary": summary(analysis),
            "total": analysis.counts(),
            "chosen": chosen,
            "claimed": bool(claimed),
            "criteria": [
                (each, claimed.get(each.criterion.id, ()))
                for each in analysis.criteria
                if chosen["status"] in ("", each.gap.status)
                and chosen["category"] in ("", each.criterion.category)
            ],
        },
    )


def summary(analysis: GapAnalysis) -> list[CategoryCounts]:
    """Return the counts of each category in scope."""
    return [
        CategoryCounts(category, tuple(found.values()), sum(found.values()))
        for category in analysis.scope.categories
        for found in [analysis.counts(category)]
    ]


@page("gap.view")
def criterion(request: PageRequest, criterion: str) -> HttpResponse:
    """Show one criterion: its points of focus, its controls, and what to do next."""
    analysis = gap_analysis(request.visitor.organization, catalog=catalog(), at=request.visitor.at)
    found = analysis.standing(criterion)
    if found is None:
        raise Http404
    before, following = _neighbors(analysis, found)
    controls = [each.control.id for each in found.controls]
    tasks = tasks_about(request.visitor.organization, criterion, controls)
    claimed = claims(request.visitor.organization, criterion)
    return render(
        request,
        "web/gap/criterion.html",
        {
            "analysis": analysis,
            "standing": found,
            "controls": [
                ShownControl(
                    analysis.adopted[each.control.id],
                    each,
                    analysis.traces.get(each.control.id, ()),
                )
                for each in found.controls
            ],
            "tasks": tasks,
            "claimed": claimed,
            "today": request.visitor.at.date(),
            "before": before,
            "following": following,
        },
    )


def _neighbors(
    analysis: GapAnalysis, standing: CriterionStanding
) -> tuple[CriterionStanding | None, CriterionStanding | None]:
    every = analysis.criteria
    at = every.index(standing)
    return (every[at - 1] if at else None, every[at + 1] if at + 1 < len(every) else None)


@page("gap.view")
def output(request: PageRequest, name: str) -> HttpResponse:
    """Send one of the files in which the analysis and the plan go out, computed now."""
    if name not in GAP_FILES:
        raise Http404
    organization, at = request.visitor.organization, request.visitor.at
    state = program_state(organization, catalog=catalog(), at=at, whole=True)
    made = gap_file(name, state, is_example=organization.is_example)
    called = f"{organization.slug}-{at:%Y-%m-%d}-{name}"
    headers = {"Content-Disposition": f'attachment; filename="{called}"'}
    return HttpResponse(made, content_type=GAP_FILES[name], headers=headers)


urlpatterns = [
    path("", overview, name="gap"),
    path("files/<str:name>", output, name="gap_output"),
    *readiness.urlpatterns,
    *assessments.urlpatterns,
    path("<str:criterion>/", criterion, name="gap_criterion"),
]
