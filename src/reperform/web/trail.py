"""The trail: every change, by whom, when, before and after, with its number in the ledger."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.ledger.actions import check_log, sign_checkpoint
from reperform.ledger.queries import acts, changes, latest_check, part, shown, size
from reperform.web.page import PageRequest, page

_PAGE = 50
_LONGEST = 320


@page("trail.view")
def trail(request: PageRequest) -> HttpResponse:
    """List the changes, newest first; of one subject, act or person when it is named."""
    log = request.visitor.organization.log
    asked = {name: _asked(request, name) for name in ("subject", "act", "by")}
    found = changes(log, **{name: value or None for name, value in asked.items()})
    chosen = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    first = _PAGE * (chosen.number - 1)
    context = {
        "page": chosen,
        "changes": [shown(each) for each in part(found, first, first + _PAGE)],
        "asked": asked,
        "acts": acts(log),
        "size": size(log),
        "checked": latest_check(log),
    }
    return render(request, "web/trail.html", context)


def _asked(request: PageRequest, name: str) -> str:
    return request.GET.get(name, "")[:_LONGEST].replace("\0", "")


@page("trail.view", post="trail.view")
def check(request: PageRequest) -> HttpResponse:
    """Check every entry now; show what was found."""
    visitor = request.visitor
    if request.method == "POST":
        found = check_log(log=visitor.organization.log, by=visitor.name, at=visitor.at)
        if not found.problems:
            messages.success(request, f"All {found.size:,} entries are as they were recorded.")
            return redirect("trail", organization=visitor.organization.slug)
    return render(
        request, "web/trail_check.html", {"checked": latest_check(visitor.organization.log)}
    )


@page("trail.view")
def checkpoint(request: PageRequest) -> HttpResponse:
    """Hand out a signed checkpoint over every entry, to be kept elsewhere."""
    visitor = request.visitor
    content = sign_checkpoint(log=visitor.organization.log)
    name = f"{visitor.organization.slug}-{visitor.at:%Y-%m-%d}.checkpoint"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers=headers)


urlpatterns = [
    path("", trail, name="trail"),
    path("check/", check, name="trail_check"),
    path("checkpoint", checkpoint, name="trail_checkpoint"),
]
