"""The trail: every change, by whom, when, before and after, with its number in the ledger."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from reperform.ledger.queries import changes, shown
from reperform.web.page import PageRequest, page

_PAGE = 50


@page("trail.view")
def trail(request: PageRequest) -> HttpResponse:
    """List the changes, newest first; those of one subject when it is named."""
    subject = request.GET.get("subject", "")[:200].replace("\0", "")
    found = changes(request.visitor.organization.log, subject=subject or None)
    chosen = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {"page": chosen, "changes": [shown(each) for each in chosen], "subject": subject}
    return render(request, "web/trail.html", context)


urlpatterns = [path("", trail, name="trail")]
