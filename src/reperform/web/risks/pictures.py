"""The register of risks as pictures: the heat map, and what a year may cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.program.queries.risk_pictures import heat_of, losses_of
from reperform.program.queries.risks import current_scales
from reperform.program.risks.curve import HEIGHT, LEFT, RIGHT, TOP, WIDTH, curve_of
from reperform.program.risks.simulate import METHOD, NUMPY, YEARS
from reperform.web.page import PageRequest, page

_NAMED = 50


@page("risks.view")
def heat(request: PageRequest) -> HttpResponse:
    """Show where the open risks stand, without controls and today."""
    organization = request.visitor.organization
    now = current_scales(organization)
    found = heat_of(organization, now)
    context = {"heat": found, "maps": (found.residual, found.inherent), "scales": now}
    return render(request, "web/risks/heat.html", context)


@page("risks.view")
def losses(request: PageRequest) -> HttpResponse:
    """Show what a year may cost, by the ranges that the organization knows."""
    found = losses_of(request.visitor.organization)
    context = {
        "losses": found,
        "simulation": found.simulation,
        "risks": found.risks[: 2 * _NAMED],
        "without": found.without_ranges[:_NAMED],
        "left_out": found.left_out[:_NAMED],
        "curve": curve_of(found.simulation.curve),
        "frame": {
            "width": WIDTH,
            "height": HEIGHT,
            "left": LEFT,
            "right": WIDTH - RIGHT,
            "top": TOP,
        },
        "years": YEARS,
        "method": METHOD,
        "numpy": NUMPY,
    }
    return render(request, "web/risks/losses.html", context)


urlpatterns = [
    path("heat-map/", heat, name="risk_heat"),
    path("losses/", losses, name="risk_losses"),
]
