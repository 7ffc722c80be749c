"""What is to be noticed at connections now, and what was."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from reperform.evidence.queries.notices import kept_notices, noticed
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_MOST = 200


@page("connections.view")
def notices(request: PageRequest) -> HttpResponse:
    """Show what holds now, as it is computed now, and all that was noticed before."""
    visitor = request.visitor
    found = noticed(visitor.organization, at=visitor.at)
    kept = Paginator(kept_notices(visitor.organization), _ON_A_PAGE)
    context = {
        "noticed": found[:_MOST],
        "more": max(len(found) - _MOST, 0),
        "page": kept.get_page(request.GET.get("page")),
    }
    return render(request, "web/connections/notices.html", context)
