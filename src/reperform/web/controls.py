"""The list of controls, and those that are written anew or adopted from the library."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from reperform.base.problem import Problem
from reperform.catalog.controls import FAMILIES, FREQUENCIES, KINDS, NATURES, Control
from reperform.catalog.criteria import CATEGORIES
from reperform.catalog.starter import starter_groups
from reperform.program import queries
from reperform.program.actions.control_keeping import NewControl
from reperform.program.actions.controls import adopt_controls
from reperform.program.controls.bulk import ACTS
from reperform.program.controls.choice import choices
from reperform.program.controls.coverage import applicable
from reperform.program.controls.document import (
    ControlDocument,
    State,
    control_content,
    library_document,
)
from reperform.program.controls.flaws import linter
from reperform.program.controls.listing import ControlFilter, listed
from reperform.program.controls.reading import free_code, next_code, read_code, read_control
from reperform.web import (
    controls_bulk,
    controls_edit,
    controls_fit,
    controls_matrix,
    controls_story,
)
from reperform.web.controls_forms import (
    form_context,
    labelled,
    read_decisions,
    sent_content,
)
from reperform.web.library import catalog
from reperform.web.page import PageRequest, page

_PAGE = 50
_COLUMNS = ("code", "title", "state", "owner", "frequency", "problems")


@page("controls.view")
def controls(request: PageRequest) -> HttpResponse:
    """List the controls, filtered and sorted as the query says."""
    organization = request.visitor.organization
    rows = queries.control_rows_of(organization, catalog())
    chosen = ControlFilter.of(request.GET)
    found = listed(rows, chosen)
    scope = queries.current_scope(organization)
    in_scope = applicable(scope.document, catalog().criteria)
    states = {state: [row for row in rows if row.state is state] for state in State}
    context = {
        "rows": Paginator(found, _PAGE).get_page(request.GET.get("page")),
        "count": len(found),
        "filter": chosen,
        "columns": _columns(request),
        "adopted": len(states[State.ADOPTED]),
        "implemented": sum(bool(row.implemented_on) for row in states[State.ADOPTED]),
        "unowned": sum(not row.owner for row in states[State.ADOPTED]),
        "flawed": sum(bool(row.flaws) for row in states[State.ADOPTED]),
        "needed": sum(row.is_needed for row in states[State.PROPOSED]),
        "choices": choices(rows, [each for each in catalog().criteria if each.id in in_scope]),
        "starter": starter_groups(catalog().starter, scope.document.categories),
        "scope": scope,
        "owners": queries.possible_owners(organization),
        "criteria": catalog().criteria,
        "acts": ACTS,
        "families": FAMILIES,
        "categories": CATEGORIES,
        "frequencies": FREQUENCIES,
        "natures": NATURES,
        "kinds": KINDS,
        "states": [state.value for state in State],
    }
    return render(request, "web/controls.html", context)


def _columns(request: PageRequest) -> list[tuple[str, str, str]]:
    """Return what the list may be sorted by: label, the query that does it, and how it is now."""
    now = request.GET.get("sort", "")
    found = []
    for key in _COLUMNS:
        if key != "problems" or request.visitor.may("gap.view"):
            query = request.GET.copy()
            query.pop("page", None)
            query["sort"] = f"-{key}" if now == key else key
            state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
            found.append((key.capitalize(), f"?{query.urlencode()}", state))
    return found


@page("controls.edit", post="controls.edit")
def new(request: PageRequest) -> HttpResponse:
    """Write a control of their own."""
    return _anew(request, ControlDocument(), origin=None)


@page("controls.edit", post="controls.edit")
def adopt(request: PageRequest, code: str) -> HttpResponse:
    """Adopt a control of the library, tailored at once where it does not fit."""
    origin = next((each for each in catalog().controls if each.id == code), None)
    if origin is None:
        raise Http404
    return _anew(request, library_document(origin), origin=origin)


def _anew(
    request: PageRequest, document: ControlDocument, *, origin: Control | None
) -> HttpResponse:
    organization = request.visitor.organization
    stated = queries.stated_controls(organization)
    used = {each.code for each in stated}
    if request.method != "POST":
        code = free_code(origin.id, used) if origin else next_code(used)
        in_force = [
            each.code
            for each in stated
            if origin and each.library_id == origin.id and each.state is State.ADOPTED
        ]
        return _form(
            request, control_content(document), origin=origin, code=code, in_force=in_force
        )
    content, code = sent_content(request.POST), request.POST.get("code", "").strip()
    written, problems = read_control(content, criteria=catalog().criteria)
    decisions = read_decisions(request)
    kept_for_others = {each.id for each in catalog().controls} - {origin.id if origin else ""}
    problems += decisions.problems + read_code(code, taken=used, library=kept_for_others)
    if problems or "again" in request.POST:
        return _form(request, content, origin=origin, code=code, problems=problems)
    done = adopt_controls(
        organization=organization,
        controls=[
            NewControl(
                code=code,
                document=written,
                library_id=origin.id if origin else "",
                taken=library_document(origin) if origin else None,
                owner=decisions.owner,
                implemented_on=decisions.implemented_on,
            )
        ],
        by=request.visitor.name,
        at=request.visitor.at,
    )
    for _, refusal in done.refused:
        refused = [Problem("code", f"{refusal.what}. {refusal.why}", refusal.todo[0], refusal.slug)]
        return _form(request, content, origin=origin, code=code, problems=refused)
    messages.success(request, f"{code}: adopted.")
    return redirect("control", organization=organization.slug, code=code)


def _form(
    request: PageRequest,
    content: dict[str, Any],
    *,
    origin: Control | None,
    code: str,
    problems: list[Problem] | None = None,
    in_force: Sequence[str] = (),
) -> HttpResponse:
    again = "again" in request.POST
    document, _ = read_control(content, criteria=catalog().criteria)
    lint = linter(catalog().controls)
    is_owned = bool(request.POST.get("owner"))
    context = {
        "mode": "adopt" if origin else "new",
        "origin": origin,
        "code": code,
        "problems": labelled(problems or []),
        "in_force": in_force,
        "findings": lint(document, origin.id if origin else "", is_owned)
        if origin or request.method == "POST"
        else (),
        "owners": queries.possible_owners(request.visitor.organization),
        "owner_chosen": request.POST.get("owner", ""),
        "implemented_on": request.POST.get("implemented_on", ""),
        "is_checked_only": again,
        **form_context(content),
    }
    status = 422 if problems and not again else 200
    return render(request, "web/controls/form.html", context, status=status)


urlpatterns = [
    path("", controls, name="controls"),
    path("new/", new, name="control_new"),
    path("matrix/", controls_matrix.matrix, name="control_matrix"),
    path("matrix.<slug:kind>", controls_matrix.matrix_file, name="control_matrix_file"),
    path("bulk/", controls_bulk.bulk, name="control_bulk"),
    path("adopt/<str:code>/", adopt, name="control_adopt"),
    path("<str:code>/", controls_story.control, name="control"),
    path("<str:code>/edit/", controls_edit.edit, name="control_edit"),
    path("<str:code>/fits/<str:test_id>/", controls_fit.fit, name="control_fit"),
    path("<str:code>/retire/", controls_edit.retire, name="control_retire"),
]
