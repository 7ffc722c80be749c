"""What was noticed: what holds, what is over, and a look at once."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from reperform.noticing.actions.looking import look
from reperform.noticing.notice import MEANINGS, Kind
from reperform.noticing.queries.notices import (
    STATES,
    holding_by_kind,
    newest_look,
    topics_for,
)
from reperform.noticing.queries.notices import notices as notices_like
from reperform.web.notices.shown import shown
from reperform.web.page import PageRequest, page

_ON_A_PAGE = 50
_STALE = timedelta(hours=3)
"""Workers look each hour: after three, none runs."""


@page("notices.view", post="notices.edit")
def notices(request: PageRequest) -> HttpResponse:
    """Show what was noticed; look again when asked to."""
    visitor = request.visitor
    organization = visitor.organization
    if request.method == "POST":
        new = look(organization=organization, by=visitor.name, at=visitor.at)
        messages.success(request, f"Looked at everything: {new or 'nothing'} new.")
        return redirect("notices", organization=organization.slug)
    topics = topics_for(visitor.permissions)
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "topic", "state")}
    words = request.GET.get("q", "")[:200].replace("\0", " ")
    state = request.GET.get("state", "holds")
    found = notices_like(
        organization,
        topics=topics,
        kind=asked["kind"],
        topic=asked["topic"],
        state=state,
        words=words,
    )
    part = Paginator(found, _ON_A_PAGE).get_page(request.GET.get("page"))
    looked_at = newest_look(organization)
    context = {
        "page": part,
        "notices": shown(part.object_list, organization.slug),
        "counts": holding_by_kind(notices_like(organization, topics=topics)).items(),
        "kinds": [(each.value, MEANINGS[each]) for each in Kind],
        "topics": [each.value for each in topics],
        "states": STATES,
        "asked": asked | {"state": state},
        "words": words,
        "looked_at": looked_at,
        "is_stale": looked_at is None or visitor.at - looked_at > _STALE,
    }
    return render(request, "web/notices/list.html", context)
