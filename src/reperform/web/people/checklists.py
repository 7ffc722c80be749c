"""The organization's checklists: taken from the library, and made its own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.problem import Problem
from reperform.base.stale import StaleVersionError
from reperform.program.actions.checklists import write_checklist
from reperform.program.checklists import (
    MOST_ITEMS,
    NAMES,
    THE_MANAGER,
    THE_PERSON,
    checklist_content,
    read_checklist,
)
from reperform.program.checklists.files import checklist_library
from reperform.program.queries.checklists import all_in_force, in_force, read_version, versions
from reperform.web.asked import seen_version
from reperform.web.page import PageRequest, page

_TEXTS = ("what", "does", "days", "proof", "controls")
_FLAGS = ("is_working_days", "removes_access")
_MORE = 3
"""Empty rows below those that there are."""


@page("people.view")
def overview(request: PageRequest) -> HttpResponse:
    """List the checklist for each event and kind of contract."""
    mine, library = all_in_force(request.visitor.organization), checklist_library()
    lists = [(name, library[name], mine.get(name)) for name in NAMES]
    return render(request, "web/people/checklists.html", {"lists": lists})


@page("people.view", post="people.edit")
def checklist(request: PageRequest, name: str) -> HttpResponse:
    """Show a checklist, in force or proposed; write its next version."""
    if name not in NAMES:
        raise Http404
    organization = request.visitor.organization
    latest = in_force(organization, name)
    if request.method != "POST":
        shown = read_version(latest) if latest else checklist_library()[name]
        content = checklist_content(shown)
        return _shown(request, name, content, seen=latest.number if latest else 0)
    content, seen = _sent(request), seen_version(request)
    fields, problems = read_checklist(content, name)
    more: dict[str, Any] = {}
    if not problems:
        try:
            made = write_checklist(
                organization=organization,
                checklist=fields,
                seen=seen,
                by=request.visitor.name,
                at=request.visitor.at,
            )
        except StaleVersionError as stale:
            theirs = [
                (each["what"], f"{each['does']}, {each['days']} days")
                for each in (latest.content["items"] if latest else [])
            ]
            more, seen = {"stale": stale, "theirs": theirs}, stale.current
        else:
            messages.success(request, f"Version {made.number} is in force for events from now on.")
            return redirect("checklists", organization=organization.slug)
    return _shown(request, name, content, seen=seen, problems=problems, **more)


def _sent(request: PageRequest) -> dict[str, Any]:
    """Return the checklist that the form sent; rows without a text are left out."""
    items = []
    for row in range(MOST_ITEMS + 1):
        said = {each: request.POST.get(f"{each}-{row}", "").strip() for each in _TEXTS}
        if said["what"]:
            days: object = said["days"]
            sign, digits = said["days"][:1] == "-", said["days"].removeprefix("-")
            if digits.isascii() and digits.isdecimal() and len(digits) < 9:  # noqa: PLR2004 - a number
                days = -int(digits) if sign else int(digits)
            flags = {each: f"{each}-{row}" in request.POST for each in _FLAGS}
            items.append({**said, **flags, "days": days})
    return {"title": request.POST.get("title", ""), "items": items}


def _shown(
    request: PageRequest,
    name: str,
    content: dict[str, Any],
    *,
    seen: int,
    problems: list[Problem] | None = None,
    **more: Any,  # noqa: ANN401 - a context
) -> HttpResponse:
    rows = [{**each, "controls": _joined(each["controls"])} for each in content["items"]]
    context = {
        "name": name,
        "title": content["title"],
        "rows": rows + [{} for _ in range(min(_MORE, MOST_ITEMS - len(rows)))],
        "seen": seen,
        "problems": [(each.where, each) for each in problems or ()],
        "versions": versions(request.visitor.organization, name)[:20],
        "doers": (THE_PERSON, THE_MANAGER),
        **more,
    }
    status = 409 if "stale" in more else 422 if problems else 200
    return render(request, "web/people/checklist.html", context, status=status)


def _joined(controls: list[str] | str) -> str:
    return controls if isinstance(controls, str) else ", ".join(controls)


urlpatterns = [
    path("checklists/", overview, name="checklists"),
    path("checklists/<str:name>/", checklist, name="checklist"),
]
