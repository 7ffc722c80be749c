"""The first page of an organization: what is ready, and what to do next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.audit.queries import examinations
from reperform.ledger.queries import changes, shown
from reperform.program.queries import current_scope
from reperform.program.scope_document import lacking
from reperform.web.page import PageRequest, page

_LATEST = 8


@page("overview.view")
def overview(request: PageRequest) -> HttpResponse:
    """Show where the program stands."""
    visitor = request.visitor
    scope = current_scope(visitor.organization)
    latest = (
        [shown(change) for change in changes(visitor.organization.log)[:_LATEST]]
        if visitor.may("trail.view")
        else []
    )
    return render(
        request,
        "web/overview.html",
        {
            "scope": scope,
            "lacks": lacking(scope.document),
            "latest": latest,
            "examination": examinations(visitor.organization).first(),
        },
    )


urlpatterns = [path("", overview, name="overview")]
