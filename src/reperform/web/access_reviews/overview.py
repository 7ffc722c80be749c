"""Every review of access, what is overdue, and what was decided and is not carried out yet."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.program.queries.access_duties import cycles, open_removals, removals, review_counts
from reperform.program.queries.access_reviews import progress_of, reviews
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_CYCLES = 50


@page("access_reviews.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the reviews with their progress, and the systems that must be reviewed."""
    organization, today = request.visitor.organization, request.visitor.at.date()
    state = request.GET.get("state", "")
    shown = Paginator(reviews(organization, state=state), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    progress = progress_of(shown.object_list)
    due = cycles(organization, today=today)
    return render(
        request,
        "web/access_reviews/reviews.html",
        {
            "reviews": shown,
            "rows": [(each, progress[each.pk]) for each in shown],
            "counts": review_counts(organization, today=today),
            "cycles": due[:_CYCLES],
            "overdue": sum(each.is_overdue for each in due),
            "undecided": sum(each.months is None for each in due),
            "more_cycles": max(0, len(due) - _CYCLES),
            "state": state,
            "today": today,
        },
    )


@page("access_reviews.view")
def to_carry_out(request: PageRequest) -> HttpResponse:
    """List what was decided and no later list shows carried out; or everything that was."""
    organization = request.visitor.organization
    is_all = request.GET.get("state") == "all"
    found = removals(organization) if is_all else open_removals(organization)
    return render(
        request,
        "web/access_reviews/removals.html",
        {
            "removals": Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page")),
            "is_all": is_all,
            "today": request.visitor.at.date(),
        },
    )


urlpatterns = [
    path("", overview, name="access_reviews"),
    path("removals/", to_carry_out, name="access_removals"),
]
