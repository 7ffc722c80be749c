"""Readiness over time: the days that were recorded, as a chart and as a table."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.audit.queries import program_state
from reperform.program.actions.readiness import record_readiness
from reperform.program.gap.readiness import HEIGHT, WIDTH, chart_of
from reperform.program.queries.plan import recorded_days
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 60
_DRAWN = 366


@page("gap.view", post="gap.edit")
def readiness(request: PageRequest) -> HttpResponse:
    """Show the recorded days; record today."""
    visitor = request.visitor
    if request.method == "POST":
        record_readiness(
            organization=visitor.organization,
            state=program_state(visitor.organization, catalog=catalog(), at=visitor.at),
            by=visitor.name,
            at=visitor.at,
        )
        messages.success(request, "Today is recorded.")
        return redirect("readiness", organization=visitor.organization.slug)
    days = recorded_days(visitor.organization)
    return render(
        request,
        "web/gap/readiness.html",
        {
            "chart": chart_of(days[-_DRAWN:]),
            "width": WIDTH,
            "height": HEIGHT,
            "drawn": min(len(days), _DRAWN),
            "holes": sum(1 for day in days if day.days_before),
            "days": Paginator(days[::-1], _ON_A_PAGE).get_page(request.GET.get("page")),
        },
    )


urlpatterns = [path("readiness/", readiness, name="readiness")]
